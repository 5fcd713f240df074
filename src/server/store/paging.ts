/** One page of a listing, and how many rows match in all. */
export interface Page<T> {
  items: T[];
  matching: number;
}

export interface PageRequest {
  limit: number;
  skip: number;
}

export const hasMore = (page: Page<unknown>, request: PageRequest): boolean =>
  request.skip + page.items.length < page.matching;

/** JSON kept in a column; only this server writes it. */
export const parseColumn = (value: unknown): unknown => JSON.parse(String(value));
