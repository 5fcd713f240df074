import type { ContactView, ContactHost, PageStrings } from '../protocol/contactPage.ts';
import { element, iconButton, textButton } from './dom.ts';
import { icon } from './icons.ts';
import { timeElement } from './times.ts';

/** Who it is and how to reach them, with what can be done. */
export function contactHeader(
  contact: ContactView,
  picture: string,
  pictureNote: string,
  strings: PageStrings,
  locale: string,
  host: ContactHost,
): HTMLElement {
  const lastSeen = timeElement(contact.lastSeen, locale);
  return element(
    'header',
    { class: 'contact-header', attributes: { 'data-drop': strings.dropPicture } },
    avatar(contact, picture),
    element(
      'div',
      { class: 'who' },
      element('h1', { title: contact.name, attributes: { elementtiming: 'header' } }, contact.name),
      contact.subtitle === '' ? undefined : element('p', { class: 'subtitle' }, contact.subtitle),
      element(
        'p',
        { class: 'facts' },
        contact.channel === ''
          ? undefined
          : element('span', { class: 'fact' }, icon(contact.channelIcon), contact.channel),
        contact.organization === ''
          ? undefined
          : element('span', { class: 'fact' }, icon('organization'), contact.organization),
        lastSeen && element('span', { class: 'fact' }, icon('history'), `${strings.lastSeen} `, lastSeen),
        ...contact.labels.map((label) => element('span', { class: 'label' }, label)),
      ),
      element(
        'p',
        { class: 'reach' },
        reachLink(contact.email, 'email', 'mail', strings, host),
        reachLink(contact.phone, 'phone_number', 'call-incoming', strings, host),
      ),
      pictureNote === ''
        ? undefined
        : element(
            'p',
            { class: 'picture-note' },
            icon('info'),
            `${pictureNote} `,
            element(
              'button',
              {
                class: 'link',
                attributes: { type: 'button', 'data-key': 'picture-setting' },
                onClick: () => host.openPictureSetting(),
              },
              strings.settings,
            ),
          ),
    ),
    element(
      'div',
      { class: 'actions' },
      contact.isAnonymous
        ? keyed(
            'name',
            textButton(strings.addName, () => host.edit('first_name'), 'person-add'),
          )
        : undefined,
      keyed(
        'edit',
        textButton(strings.edit, () => host.edit(''), 'edit'),
      ),
      keyed(
        'picture',
        textButton(strings.picture, () => host.choosePicture(), 'device-camera'),
      ),
      element(
        'span',
        { class: 'icon-actions' },
        keyed(
          'vcard',
          iconButton('copy', strings.copyVCard, () => host.copyAs('vCard')),
        ),
        keyed(
          'json',
          iconButton('json', strings.copyJson, () => host.copyAs('json')),
        ),
        keyed(
          'previous',
          iconButton('arrow-up', strings.previous, () => host.openNeighbour('previous')),
        ),
        keyed(
          'next',
          iconButton('arrow-down', strings.next, () => host.openNeighbour('next')),
        ),
      ),
    ),
  );
}

/** Gives a button the name by which it is found again after its part was drawn anew. */
function keyed(key: string, button: HTMLButtonElement): HTMLButtonElement {
  button.dataset['key'] = key;
  return button;
}

function reachLink(
  value: string,
  field: string,
  iconName: string,
  strings: PageStrings,
  host: ContactHost,
): HTMLElement | undefined {
  if (value === '') return undefined;
  return element(
    'span',
    { class: 'fact' },
    icon(iconName),
    element('button', { class: 'link', attributes: { type: 'button' }, onClick: () => host.openLink(field) }, value),
    iconButton('copy', `${strings.copy}: ${value}`, () => host.copy(field)),
  );
}

function avatar(contact: ContactView, picture: string): HTMLElement {
  if (picture !== '') {
    return element('img', { class: 'avatar', attributes: { src: picture, alt: contact.name } });
  }
  return element(
    'div',
    { class: 'avatar initials', attributes: { 'aria-hidden': 'true' } },
    // Visitors without a name all have the same first letters.
    contact.isAnonymous ? icon('account') : initials(contact.name),
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
