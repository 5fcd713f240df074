/** Names, places and numbers of made-up people. Mail domains are reserved for examples, so nobody owns them. */
import { fold } from '../../contract/folding.ts';
import { fullName } from '../store/contactChanges.ts';
import type { Random } from './random.ts';

interface Culture {
  weight: number;
  language: string;
  timeZone: string;
  areaCode: string;
  /** `#` is any digit. */
  phone: string;
  cities: readonly string[];
  firstNames: readonly string[];
  lastNames: readonly string[];
  /** How the name is written in Latin letters, where its own script is another. */
  latin?: Readonly<Record<string, string>>;
}

const cultures: readonly Culture[] = [
  {
    weight: 6,
    language: 'en',
    timeZone: 'Europe/London',
    areaCode: '+44',
    phone: '207946 0###',
    cities: ['London', 'Manchester', 'Leeds', 'Bristol'],
    firstNames: ['Olivia', 'James', 'Amelia', 'Harry', 'Grace', 'Thomas', 'Sophie', 'Oscar', 'Charlotte', 'Noah'],
    lastNames: ['Carter', 'Hughes', 'Bennett', 'Clarke', "O'Connor", 'Wright', 'Ellis', 'Fletcher', 'Ward', 'Barnes'],
  },
  {
    weight: 5,
    language: 'vi',
    timeZone: 'Asia/Ho_Chi_Minh',
    areaCode: '+84',
    phone: '9########',
    cities: ['Hà Nội', 'Đà Nẵng', 'Thành phố Hồ Chí Minh', 'Cần Thơ'],
    firstNames: ['Văn Minh', 'Thị Hương', 'Quốc Bảo', 'Thùy Linh', 'Đức Anh', 'Ngọc Ánh', 'Hoàng Long', 'Thảo My'],
    lastNames: ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Đỗ', 'Vũ', 'Đặng', 'Bùi', 'Hồ', 'Ngô'],
  },
  {
    weight: 5,
    language: 'zh',
    timeZone: 'Asia/Shanghai',
    areaCode: '+86',
    phone: '13#########',
    cities: ['北京', '上海', '深圳', '成都'],
    firstNames: ['伟', '芳', '秀英', '明', '静怡', '子轩', '雨桐', '建国', '思远', '晓东'],
    lastNames: ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴'],
    latin: {
      王: 'wang',
      李: 'li',
      张: 'zhang',
      刘: 'liu',
      陈: 'chen',
      杨: 'yang',
      赵: 'zhao',
      黄: 'huang',
      周: 'zhou',
      吴: 'wu',
      伟: 'wei',
      芳: 'fang',
      秀英: 'xiuying',
      明: 'ming',
      静怡: 'jingyi',
      子轩: 'zixuan',
      雨桐: 'yutong',
      建国: 'jianguo',
      思远: 'siyuan',
      晓东: 'xiaodong',
    },
  },
  {
    weight: 2,
    language: 'ja',
    timeZone: 'Asia/Tokyo',
    areaCode: '+81',
    phone: '90########',
    cities: ['東京', '大阪', '京都'],
    firstNames: ['陽菜', '蓮', '結衣', '大翔', 'さくら'],
    lastNames: ['佐藤', '鈴木', '高橋', '田中', '渡辺'],
    latin: {
      佐藤: 'sato',
      鈴木: 'suzuki',
      高橋: 'takahashi',
      田中: 'tanaka',
      渡辺: 'watanabe',
      陽菜: 'hina',
      蓮: 'ren',
      結衣: 'yui',
      大翔: 'hiroto',
      さくら: 'sakura',
    },
  },
  {
    weight: 2,
    language: 'ko',
    timeZone: 'Asia/Seoul',
    areaCode: '+82',
    phone: '10########',
    cities: ['서울', '부산', '인천'],
    firstNames: ['민준', '서연', '지호', '하은', '도윤'],
    lastNames: ['김', '이', '박', '최', '정'],
    latin: {
      김: 'kim',
      이: 'lee',
      박: 'park',
      최: 'choi',
      정: 'jung',
      민준: 'minjun',
      서연: 'seoyeon',
      지호: 'jiho',
      하은: 'haeun',
      도윤: 'doyun',
    },
  },
  {
    weight: 2,
    language: 'de',
    timeZone: 'Europe/Berlin',
    areaCode: '+49',
    phone: '1512#######',
    cities: ['Berlin', 'München', 'Köln'],
    firstNames: ['Jürgen', 'Käthe', 'Lukas', 'Annika', 'Björn'],
    lastNames: ['Müller', 'Groß', 'Schäfer', 'Weiß', 'Köhler'],
  },
  {
    weight: 2,
    language: 'es',
    timeZone: 'Europe/Madrid',
    areaCode: '+34',
    phone: '6########',
    cities: ['Madrid', 'Sevilla', 'Valencia'],
    firstNames: ['José', 'María', 'Íñigo', 'Lucía', 'Ramón'],
    lastNames: ['García', 'Núñez', 'López', 'Fernández', 'Ibáñez'],
  },
  {
    weight: 1,
    language: 'ar',
    timeZone: 'Asia/Riyadh',
    areaCode: '+966',
    phone: '5########',
    cities: ['الرياض', 'جدة'],
    firstNames: ['محمد', 'فاطمة', 'يوسف', 'ليلى'],
    lastNames: ['الحربي', 'العتيبي', 'الزهراني'],
    latin: {
      محمد: 'mohammed',
      فاطمة: 'fatima',
      يوسف: 'yousef',
      ليلى: 'layla',
      الحربي: 'alharbi',
      العتيبي: 'alotaibi',
      الزهراني: 'alzahrani',
    },
  },
  {
    weight: 1,
    language: 'ru',
    timeZone: 'Europe/Moscow',
    areaCode: '+7',
    phone: '9#########',
    cities: ['Москва', 'Казань'],
    firstNames: ['Анна', 'Дмитрий', 'Екатерина', 'Сергей'],
    lastNames: ['Иванова', 'Петров', 'Соколова', 'Орлов'],
    latin: {
      Анна: 'anna',
      Дмитрий: 'dmitry',
      Екатерина: 'ekaterina',
      Сергей: 'sergey',
      Иванова: 'ivanova',
      Петров: 'petrov',
      Соколова: 'sokolova',
      Орлов: 'orlov',
    },
  },
];

const companies = [
  'Northwind Freight',
  'Blue Heron Clinic',
  'Công ty Sao Mai',
  '星河科技',
  'Lotus Retail',
  'Alpine Optik',
  'Harbour & Finch',
  '東雲デザイン',
  '한빛 물류',
  'Sol y Mar Hoteles',
  'Granite Insurance',
  'Paper Crane Books',
  '',
] as const;
const positions = [
  'Operations lead',
  'Support engineer',
  'Purchasing manager',
  'Solution builder',
  'Founder',
  'Accountant',
  'Store manager',
  'Product designer',
  '',
] as const;
const mailHosts = ['northwind.example', 'heron.example', 'saomai.example', 'xinghe.example', 'mail.example'] as const;

export interface Person {
  first_name: string;
  last_name: string;
  display_name: string;
  email: string;
  area_code: string;
  phone_number: string;
  language: string;
  time_zone: string;
  location: string;
  company_name: string;
  position: string;
  gender: string;
}

const weighted = cultures.flatMap((culture) => Array.from({ length: culture.weight }, () => culture));

/** @param index makes the mail address of each person their own. */
export function makePerson(random: Random, index: number): Person {
  const culture = random.pick(weighted);
  const first_name = random.pick(culture.firstNames);
  const last_name = random.pick(culture.lastNames);
  const latin = (name: string): string => fold(culture.latin?.[name] ?? name).replace(/[^a-z]/g, '');
  const digits = culture.phone.replace(/#/g, () => String(random.between(0, 9))).replaceAll(' ', '');
  return {
    first_name,
    last_name,
    display_name: culture.language === 'vi' ? `${last_name} ${first_name}` : fullName({ first_name, last_name }),
    email: random.chance(0.92) ? `${latin(first_name)}.${latin(last_name)}${index}@${random.pick(mailHosts)}` : '',
    area_code: '',
    phone_number: random.chance(0.9) ? `${culture.areaCode}${digits}` : '',
    language: culture.language,
    time_zone: culture.timeZone,
    location: random.pick(culture.cities),
    company_name: random.pick(companies),
    position: random.pick(positions),
    gender: random.pick(['female', 'male', '']),
  };
}
