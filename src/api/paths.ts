import { ApiError } from './apiError.ts';

/** One segment of a path, whatever the id holds. */
export function segment(id: string): string {
  if (id === '' || id === '.' || id === '..') throw new ApiError('notFound');
  return encodeURIComponent(id);
}

/** A query, with what is not set left out; empty where nothing is. */
export function queryOf(query: Record<string, string | number | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
