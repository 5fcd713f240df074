import { useLayoutEffect, useRef } from 'preact/hooks';
import './page.css';
import { TextButton } from './buttons.tsx';
import { ContactHeader } from './contactHeader.tsx';
import { DetailsTab } from './details.tsx';
import { Icon } from './icon.tsx';
import { PageProvider, ThumbnailsProvider, usePage, type PageContext } from './pageContext.ts';
import type { PageState } from './pageState.ts';
import { PictureCrop } from './pictureCrop.tsx';
import { Tabs } from './tabs.tsx';
import { Time } from './time.tsx';

/** All of the page. */
export function Page({ state, context }: { state: PageState; context: PageContext }) {
  const { notice, contact, picture, done, form, crop, isWide, said } = state;
  const editButton = useFocusAfter<HTMLButtonElement>(form !== undefined);
  const pictureButton = useFocusAfter<HTMLButtonElement>(crop !== undefined);
  return (
    <PageProvider value={context}>
      {notice && <Notice {...notice} />}
      <div class={isWide ? 'columns' : undefined}>
        <div class={isWide ? 'who-column' : undefined}>
          {contact && (
            <ContactHeader {...{ contact, picture, editButton, pictureButton }} isInBrowser={state.browser.contact} />
          )}
          <Done done={done} />
          {isWide && <DetailsTab state={state} />}
        </div>
        <div>
          <ThumbnailsProvider value={state.thumbnails}>
            <Tabs state={state} />
          </ThumbnailsProvider>
        </div>
      </div>
      {crop && <PictureCrop key={crop.source} {...crop} />}
      <div class="only-said" role="status">
        {said.text !== '' && <p key={said.count}>{said.text}</p>}
      </div>
    </PageProvider>
  );
}

/** Returns a ref to the element that receives the focus when something open is closed. */
function useFocusAfter<Target extends HTMLElement>(isOpen: boolean) {
  const target = useRef<Target>(null);
  const wasOpen = useRef(false);
  useLayoutEffect(() => {
    // Only what has lost it: the user may have gone on elsewhere.
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (wasOpen.current && !isOpen && isLost) target.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return target;
}

/** What was done last. Its words alone are said; the place for them is there before they are, or they would not be. */
function Done({ done }: { done: PageState['done'] }) {
  const { strings, host } = usePage();
  return (
    <div class={done ? 'done' : undefined}>
      {done && <Icon name="check" />}
      <span role="status">{done && <span key={done.count}>{done.text}</span>}</span>
      {done?.canUndo === true && <TextButton label={strings.undo} onClick={() => host.undo()} />}
    </div>
  );
}

function Notice({ text, canRetry, asOf }: NonNullable<PageState['notice']>) {
  const { strings, host } = usePage();
  return (
    <div class="notice" role="alert">
      <Icon name="warning" />
      <span>
        {text}
        {asOf !== '' && (
          <>
            {` ${strings.asOf} `}
            <Time iso={asOf} />
          </>
        )}
      </span>
      {canRetry && <TextButton label={strings.retry} onClick={() => host.retry('contact')} />}
    </div>
  );
}
