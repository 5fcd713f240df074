import { internationalDigits } from './internationalNumber.ts';

/** A phone number with the code that may be kept beside it. */
export interface Phone {
  area_code?: string | undefined;
  phone_number?: string | undefined;
}

/** One way to understand a number: as the whole of it with its country, or as what is dialled within a country. */
interface Reading {
  digits: string;
  isWhole: boolean;
}

/** Fewer digits are an extension or a short code, which many people have. */
const minComparedDigits = 6;
const maxCountryDigits = 3;

/**
 * Whether two numbers may belong to the same phone, however they are written. No list of country codes is consulted:
 * when in doubt, they match.
 */
export function isSamePhone(one: Phone, other: Phone): boolean {
  return readingsOf(one).some((a) => readingsOf(other).some((b) => isSame(a, b)));
}

function readingsOf({ area_code: area = '', phone_number: phone = '' }: Phone): Reading[] {
  const text = phone.normalize('NFKC').replace(/[^\d+()]/g, '');
  const digits = text.replace(/\D/g, '');
  if (digits.length < minComparedDigits) return [];
  if (isWholeText(text)) return [whole(text)];
  const code = area.normalize('NFKC').replace(/[^\d+]/g, '');
  const country = withoutZeros(code.replace(/\D/g, ''));
  if (country === '') return [{ digits, isWhole: false }];
  const readings: Reading[] = [
    { digits: `${country}${digits}`, isWhole: true },
    { digits: `${country}${dialedDigits(digits)}`, isWhole: true },
  ];
  // It may be there twice.
  if (digits.startsWith(country)) readings.push({ digits, isWhole: true });
  // Without a plus sign it may be the code of a place.
  if (!isWholeText(code)) readings.push({ digits: `${country}${digits}`, isWhole: false });
  return readings;
}

const isWholeText = (text: string): boolean => /^\(?(?:\+|00)/.test(text);

const whole = (text: string): Reading => ({ digits: internationalDigits(text), isWhole: true });

const withoutZeros = (digits: string): string => digits.replace(/^0+/, '');

/** Without the trunk prefix dialed within a country: zeros, the Russian 8, or the North American 1. */
const dialedDigits = (digits: string): string => withoutZeros(digits).replace(/^[18](?=\d{10}$)/, '');

function isSame(one: Reading, other: Reading): boolean {
  if (one.digits === other.digits) return true;
  if (one.isWhole && other.isWhole) return isOneDigitMore(one.digits, other.digits);
  return (!one.isWhole && isDialed(one.digits, other)) || (!other.isWhole && isDialed(other.digits, one));
}

function isDialed(national: string, { digits, isWhole }: Reading): boolean {
  const theirs = isWhole ? digits : withoutZeros(digits);
  return [withoutZeros(national), dialedDigits(national)].some((own) => endsWithin(theirs, own));
}

function endsWithin(longer: string, shorter: string): boolean {
  const more = longer.length - shorter.length;
  return shorter.length >= minComparedDigits && more >= 0 && more <= maxCountryDigits && longer.endsWith(shorter);
}

/** "+44 020" and "+44 20", "+52 1 55" and "+52 55": a digit of dialling that some write behind the country. */
function isOneDigitMore(one: string, other: string): boolean {
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
  if (longer.length !== shorter.length + 1) return false;
  return [1, 2, 3].some(
    (place) => '01'.includes(longer[place] ?? '') && longer.slice(0, place) + longer.slice(place + 1) === shorter,
  );
}
