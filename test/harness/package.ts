/** `npm run package`: builds everything and packs `contact-lookup.vsix`. */
import { packageExtension } from './packageExtension.ts';

await packageExtension();
