import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ContactHost } from '../protocol/contactPage.ts';
import type { PageStrings } from '../protocol/pageStrings.ts';
import type { PageState } from './pageState.ts';

/** What every part of the page may use. */
export interface PageContext {
  strings: PageStrings;
  locale: string;
  host: ContactHost;
  /** Changes what the page shows; it is drawn anew before this returns. */
  change: (change: Partial<PageState> | ((state: PageState) => Partial<PageState>)) => void;
}

const context = createContext<PageContext | undefined>(undefined);

export const PageProvider = context.Provider;

/** @throws Error outside of the page. */
export function usePage(): PageContext {
  const page = useContext(context);
  if (page === undefined) throw new Error('there is no page around this');
  return page;
}

const thumbnails = createContext<PageState['thumbnails']>(new Map());

/** Small pictures of files: they come one by one, and what shows none of them is not drawn anew. */
export const ThumbnailsProvider = thumbnails.Provider;
export const useThumbnail = (fileId: string): string | undefined => useContext(thumbnails).get(fileId);
