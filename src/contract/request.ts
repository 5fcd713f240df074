import * as v from 'valibot';
import { isObject, type JsonObject } from './json.ts';

/** A JSON object, which to a schema of objects a list would be too. */
export const jsonObject = (fault = 'must be a JSON object') => v.custom<JsonObject>(isObject, fault);

/** The body of a write: an object with these entries, and with others that are not looked at. */
export const requestBody = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(jsonObject(), v.object(entries));
