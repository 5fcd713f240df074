import { ApiError } from './apiError.ts';

/** One segment of a path, whatever the id holds. */
export function segment(id: string): string {
  if (id === '' || id === '.' || id === '..') throw new ApiError('notFound');
  return encodeURIComponent(id);
}

/** The parameters of a query; of several values, each has the name. */
export type Query = Record<string, string | number | readonly string[] | undefined>;

/** A query, with what is not set left out; empty where nothing is. */
export function queryOf(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value = ''] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== '') parameters.append(name, String(each));
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
