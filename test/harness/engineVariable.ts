/** Names the engine that keeps the contacts of a test run: `postgres`, or SQLite where it says nothing. */
export const engineVariable = 'CONTACT_LOOKUP_ENGINE';
