import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import './contactHeader.css';
import { maxPictureText } from '../protocol/contactPage.ts';
import type { ContactView } from '../protocol/contactViews.ts';
import { IconButton, LinkButton, TextButton } from './buttons.tsx';
import { Icon } from './icon.tsx';
import { usePage, type PageContext } from './pageContext.ts';
import { withDone, type PageState } from './pageState.ts';
import { base64Of, fileIn } from './pictureFile.ts';
import { isTime, Time } from './time.tsx';

interface HeaderOptions {
  contact: ContactView;
  picture: PageState['picture'];
  /** Whether the platform's web client can be gone to. */
  isInBrowser: boolean;
  editButton: RefObject<HTMLButtonElement | null>;
  pictureButton: RefObject<HTMLButtonElement | null>;
}

/** Who it is and how to reach them, with what can be done. A picture that is dropped on it becomes theirs. */
export function ContactHeader({ contact, picture, isInBrowser, editButton, pictureButton }: HeaderOptions) {
  const page = usePage();
  const { strings, host } = page;
  const [isOver, setOver] = useState(false);
  return (
    <div
      class={isOver ? 'dropping' : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = fileIn(event.dataTransfer);
        if (file !== undefined) void offerPicture(file, page);
      }}
    >
      <header class="contact-header" data-drop={strings.dropPicture}>
        <Avatar contact={contact} picture={picture.data} />
        <div class="who">
          <h1 title={contact.name} elementtiming="header">
            {contact.name}
          </h1>
          {contact.subtitle !== '' && <p class="subtitle">{contact.subtitle}</p>}
          <Facts {...contact} />
          <p class="reach">
            <Reach value={contact.email} field="email" icon="mail" />
            <Reach value={contact.phone} field="phone_number" icon="call-incoming" />
          </p>
          {picture.note !== '' && (
            <p class="picture-note">
              <Icon name="info" />
              {`${picture.note} `}
              <LinkButton label={strings.settings} onClick={() => host.openPictureSetting()} />
            </p>
          )}
        </div>
        <div class="actions">
          {contact.isAnonymous && (
            <TextButton icon="person-add" label={strings.addName} onClick={() => host.edit('first_name')} />
          )}
          <TextButton icon="edit" label={strings.edit} onClick={() => host.edit('')} buttonRef={editButton} />
          <TextButton
            icon="device-camera"
            label={strings.picture}
            onClick={() => host.choosePicture()}
            buttonRef={pictureButton}
          />
          <span class="icon-actions">
            {isInBrowser && (
              <IconButton
                icon="link-external"
                label={strings.openInBrowser}
                onClick={() => host.openInBrowser('contact')}
              />
            )}
            <IconButton icon="copy" label={strings.copyVCard} onClick={() => host.copyAs('vCard')} />
            <IconButton icon="json" label={strings.copyJson} onClick={() => host.copyAs('json')} />
            <IconButton icon="arrow-up" label={strings.previous} onClick={() => host.openNeighbor('previous')} />
            <IconButton icon="arrow-down" label={strings.next} onClick={() => host.openNeighbor('next')} />
          </span>
        </div>
      </header>
    </div>
  );
}

/** Hands over a file that was pasted or dropped. */
export async function offerPicture(file: File, { strings, host, change }: PageContext): Promise<void> {
  const isShort = file.size * (4 / 3) < maxPictureText;
  if (isShort) host.offerPicture(await base64Of(file));
  else change((state) => withDone(state, strings.pictureTooLarge, false));
}

function Facts({ channel, channelIcon, organization, lastSeen, labels }: ContactView) {
  const { strings } = usePage();
  return (
    <p class="facts">
      {channel !== '' && (
        <span class="fact">
          <Icon name={channelIcon} />
          {channel}
        </span>
      )}
      {organization !== '' && (
        <span class="fact">
          <Icon name="organization" />
          {organization}
        </span>
      )}
      {isTime(lastSeen) && (
        <span class="fact">
          <Icon name="history" />
          {`${strings.lastSeen} `}
          <Time iso={lastSeen} />
        </span>
      )}
      {labels.map((label) => (
        <span key={label} class="label">
          {label}
        </span>
      ))}
    </p>
  );
}

function Reach({ value, field, icon }: { value: string; field: string; icon: string }) {
  const { strings, host } = usePage();
  if (value === '') return null;
  return (
    <span class="fact">
      <Icon name={icon} />
      <LinkButton label={value} onClick={() => host.openLink(field)} />
      <IconButton icon="copy" label={`${strings.copy}: ${value}`} onClick={() => host.copy(field)} />
    </span>
  );
}

function Avatar({ contact, picture }: { contact: ContactView; picture: string }) {
  if (picture !== '') return <img class="avatar" src={picture} alt={contact.name} />;
  return (
    <div class="avatar initials" aria-hidden="true">
      {/* Visitors without a name all have the same first letters. */}
      {contact.isAnonymous ? <Icon name="account" /> : initials(contact.name)}
    </div>
  );
}

/** The first letter of the first and the last word; of a name without spaces, its first letter. */
function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase();
}
