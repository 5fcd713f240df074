/** Whom `searchTable.ts` knows, beside others, and how somebody may mistype them. */
export const morePeople = [
  { id: 'con_john', display_name: 'Johnathan Smithers', first_name: 'Johnathan', last_name: 'Smithers', email: 'j.smithers@tailspin.example', company_name: 'Tailspin Toys' },
  { id: 'con_gonz', display_name: 'María González Iturbide', email: 'maria.iturbide@correo.example', phone_number: '+34612998877' },
  { id: 'con_chen', display_name: '陳曉明', company_name: '聯合科技', email: 'hsiaoming@lianhe.example' },
  { id: 'con_suzuki', display_name: '鈴木一郎', company_name: 'アルファデザイン' },
  { id: 'con_kim', display_name: '김서연', company_name: '푸른바다' },
  { id: 'con_ivan', display_name: 'Иннокентий Крузенштерн', email: 'kruz@parus.example' },
  { id: 'con_fatima', display_name: 'فاطمة الزهراني' },
  { id: 'con_eleni', display_name: 'Ελένη Καραμανλή' },
]; // prettier-ignore

/** What is typed, and who is meant. */
export const nearTable: readonly [query: string, meant: string][] = [
  // Latin: a letter wrong, one too few, one too many, two in each other's place; more than one word.
  ['jonhathan', 'con_john'], ['johnatan', 'con_john'], ['smithres', 'con_john'], ['smitherz', 'con_john'],
  ['jonathan smihters', 'con_john'], ['johnathon smithers', 'con_john'], ['tailspim', 'con_john'],
  ['tialspin toys', 'con_john'], ['j.smithrs@tailspin.example', 'con_john'], ['smitters johnathan', 'con_john'],
  ['gonzalez iturbibe', 'con_gonz'], ['gonsalez iturbide', 'con_gonz'], ['itrubide', 'con_gonz'],
  ['maria iturvide', 'con_gonz'], ['maria.iturbide@coreo.example', 'con_gonz'],
  ['nguyne quynh trang', 'con_nguyen'], ['nguyen qunyh trang', 'con_nguyen'], ['nguyenn quynh', 'con_nguyen'],
  ['quynh trnag', 'con_nguyen'], ['trang+shpo', 'con_nguyen'],
  ['zebedee quartirmaine', 'con_uk'], ['zebedde', 'con_uk'], ['quatermaine', 'con_uk'], ['zebedee qartermaine', 'con_uk'],
  ['annabell xyloporous', 'con_anna'], ['annabel xylopourous', 'con_anna'], ['jurgen muler', 'con_muller'],
  ['jurgne muller', 'con_muller'], ['soren odegrad', 'con_soren'], ['smorrebrot', 'con_soren'],
  ['lukaz zolc', 'con_lukasz'], ['siobahn', 'con_obrien'], ["siobhan o'brein", 'con_obrien'],
  ['somelierin', 'con_sato'], ['wupertal', 'con_sato'],
  // Phones, one digit wrong, missing or too many.
  ['+84 912 000 354', 'con_nguyen'], ['0912001345', 'con_nguyen'], ['020 7183 8570', 'con_uk'],
  ['+44 20 7183 8759', 'con_uk'], ['+34 612 988 877', 'con_gonz'], ['6129988877', 'con_gonz'], ['81234667', 'con_sg'],
  // Han, Kana, Hangul.
  ['王小偉', 'con_wang'], ['王晓伟', 'con_wang'], ['陳小明', 'con_chen'], ['陈曉明', 'con_chen'], ['聯和科技', 'con_chen'],
  ['鈴木一朗', 'con_suzuki'], ['鈴本一郎', 'con_suzuki'], ['アルフアデザイン', 'con_suzuki'], ['高橋ガブリエノ', 'con_jp'],
  ['김서현', 'con_kim'], ['푸른바디', 'con_kim'], ['민들래', 'con_kr'],
  // Cyrillic, Arabic, Greek.
  ['инокентий', 'con_ivan'], ['крузенштрен', 'con_ivan'], ['федор щюкин', 'con_ru'], ['فاطمه الزهراني', 'con_fatima'],
  ['الزهارني', 'con_fatima'], ['καραμανλι', 'con_eleni'], ['ελενη καρμανλη', 'con_eleni'], ['παπαδοπολος', 'con_greek'],
]; // prettier-ignore
