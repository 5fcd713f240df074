/** Files as address books write them, with whom they hold. */
export interface ImportFile {
  name: string;
  content: Buffer;
  /** Display name, e-mail, phone, company, position, labels and remark of each, in the order of the file. */
  people: readonly (readonly string[])[];
}

const lines = (...texts: string[]): string => `${texts.join('\r\n')}\r\n`;
const utf16 = (text: string, mark: boolean): Buffer =>
  Buffer.concat([mark ? Buffer.from([0xff, 0xfe]) : Buffer.alloc(0), Buffer.from(text, 'utf16le')]);
/** One pixel. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const ana = [
  'Ana Núñez',
  'ana@nunez.example',
  '+34600111222',
  'Sol, S.A.',
  'Lead',
  'vip;norte',
  'two\nlines; "quoted"',
];
const people = [ana, ['王伟', 'wei@xinghe.example', '13812345678', '星河', '', '', '']];

const googleNew = lines(
  'First Name,Middle Name,Last Name,Phonetic First Name,File As,Organization Name,Organization Title,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - City',
  'Ana,,Núñez,,,"Sol, S.A.",Lead,1980-02-03,"two\nlines; ""quoted""",,vip ::: norte ::: * myContacts,* Home,ana@nunez.example ::: second@nunez.example,,Mobile,+34600111222,Madrid',
  '伟,,王,,,星河,,,,,* myContacts,,wei@xinghe.example,,,13812345678,',
);
const googleOld = lines(
  'Name,Given Name,Additional Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Name,Organization 1 - Title,Notes',
  'Ana Núñez,Ana,,Núñez,vip ::: norte ::: * My Contacts,* Home,ana@nunez.example,Mobile,+34600111222,"Sol, S.A.",Lead,"two\nlines; ""quoted"""',
  '王伟,伟,,王,* My Contacts,,wei@xinghe.example,,13812345678,星河,,',
);
const outlook = (delimiter: string): string =>
  [
    ['First Name', 'Middle Name', 'Last Name', 'Company', 'Job Title', 'Mobile Phone', 'Business Phone', 'E-mail Address', 'E-mail Display Name', 'Categories', 'Notes', 'Business City'],
    ['Ana', '', 'Núñez', '"Sol, S.A."', 'Lead', '', '+34600111222', 'ana@nunez.example', 'Ana', '"vip;norte"', '"two\nlines; ""quoted"""', 'Madrid'],
    ['伟', '', '王', '星河', '', '13812345678', '', 'wei@xinghe.example', '', '', '', ''],
  ].map((row) => row.join(delimiter)).join('\r\n'); // prettier-ignore
const hubspot = lines(
  'Record ID - Contact,First Name,Last Name,Email,Phone Number,Associated Company,Job Title,Create Date,Description,Tags',
  '151,Ana,Núñez,ana@nunez.example,+34600111222,"Sol, S.A.",Lead,2024-05-03 10:12,"two\nlines; ""quoted""",vip;norte',
  '152,伟,王,wei@xinghe.example,13812345678,星河,,2024-05-02 09:00,,',
);
const imbrace = lines(
  'object_name,display_name,first_name,last_name,email,phone_number,company_name,position,labels,remark,channel_type',
  'contact,Ana Núñez,Ana,Núñez,ana@nunez.example,+34600111222,"Sol, S.A.",Lead,vip; norte,"two\nlines; ""quoted""",whatsapp',
  'contact,王伟,伟,王,wei@xinghe.example,13812345678,星河,,,,wechat',
);
const vcard3 = lines(
  'BEGIN:VCARD', 'VERSION:3.0', 'PRODID:-//Apple Inc.//macOS 15//EN', 'N:Núñez;Ana;;;', 'FN:Ana Núñez',
  'ORG:Sol\\, S.A.;', 'TITLE:Lead', 'item1.EMAIL;type=INTERNET;type=pref:ana@nunez.example', 'item1.X-ABLabel:_$!<Work>!$_',
  'TEL;type=CELL;type=VOICE:+34600111222', 'CATEGORIES:vip,norte', 'NOTE:two\\nlines\\; "quo', ' ted"',
  `PHOTO;ENCODING=b;TYPE=PNG:${picture.slice(0, 40)}`, ` ${picture.slice(40)}`, 'END:VCARD',
  'BEGIN:VCARD', 'VERSION:3.0', 'N:王;伟;;;', 'FN:王伟', 'ORG:星河', 'EMAIL:wei@xinghe.example', 'TEL:13812345678', 'END:VCARD',
); // prettier-ignore
const vcard4 = lines(
  'BEGIN:VCARD', 'VERSION:4.0', 'N:Núñez;Ana;;;', 'FN:Ana Núñez', 'ORG:Sol\\, S.A.', 'TITLE:Lead',
  'EMAIL;TYPE=home:other@nunez.example', 'EMAIL;PREF=1:ana@nunez.example', 'TEL;VALUE=uri;TYPE=cell:tel:+34600111222',
  'CATEGORIES:vip,norte', 'NOTE:two\\nlines\\; "quoted"', `PHOTO:data:image/png;base64,${picture}`, 'END:VCARD',
  'BEGIN:VCARD', 'VERSION:4.0', 'N:王;伟;;;', 'FN:王伟', 'ORG:星河', 'EMAIL:wei@xinghe.example', 'TEL:13812345678', 'END:VCARD',
); // prettier-ignore
const vcard21 = lines(
  'BEGIN:VCARD', 'VERSION:2.1', 'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:N=C3=BA=C3=B1ez;Ana;;;',
  'FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Ana N=C3=BA=', '=C3=B1ez', 'ORG:Sol\\, S.A.', 'TITLE:Lead', 'EMAIL;INTERNET:ana@nunez.example',
  'TEL;CELL:+34600111222', 'CATEGORIES:vip,norte', 'NOTE;ENCODING=QUOTED-PRINTABLE:two=0D=0Alines; "quoted"', 'END:VCARD',
  'BEGIN:VCARD', 'VERSION:2.1', 'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E4=BC=9F', 'FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=E4=BC=9F',
  'ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=98=9F=E6=B2=B3', 'EMAIL:wei@xinghe.example', 'TEL:13812345678', 'END:VCARD',
); // prettier-ignore

const latin = Buffer.from(
  googleOld
    .split('\r\n')
    .filter((line) => !line.startsWith('王'))
    .join('\r\n'),
  'latin1',
);

export const importFiles: readonly ImportFile[] = [
  { name: 'google.csv', content: Buffer.from(googleNew), people },
  { name: 'google-old.csv', content: Buffer.from(googleOld), people },
  { name: 'google-bom.csv', content: Buffer.from(`\ufeff${googleNew}`), people },
  { name: 'google-latin1.csv', content: latin, people: [ana] },
  { name: 'outlook.csv', content: Buffer.from(outlook(',')), people },
  { name: 'outlook-semicolons.csv', content: Buffer.from(`\ufeff${outlook(';')}`), people },
  { name: 'excel-sep.csv', content: Buffer.from(`sep=;\r\n${outlook(';')}`), people },
  { name: 'excel-tabs-utf16.txt', content: utf16(outlook('\t'), true), people },
  { name: 'utf16-without-mark.csv', content: utf16(outlook(','), false), people },
  { name: 'hubspot.csv', content: Buffer.from(hubspot), people },
  { name: 'imbrace.csv', content: Buffer.from(imbrace), people },
  { name: 'apple-vcard3.vcf', content: Buffer.from(vcard3), people },
  { name: 'google-vcard4.vcf', content: Buffer.from(vcard4.replaceAll('\r\n', '\n')), people },
  { name: 'phone-vcard21.vcf', content: Buffer.from(vcard21), people },
];
