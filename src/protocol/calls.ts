/**
 * Calls between a webview's page and its host. Each end offers an interface; what it may be called with is checked
 * where it arrives, since a page can be made to say anything.
 */
import { is, type GenericSchema } from 'valibot';

/** A check of the parameters of each method of an interface; one that is missing does not compile. */
export type Checks<Target> = {
  [Name in keyof Target]: Target[Name] extends (...parameters: infer Parameters) => unknown
    ? GenericSchema<unknown, Parameters>
    : never;
};

interface Call {
  call: string;
  with: unknown[];
}

type Methods = Record<string, (...parameters: unknown[]) => unknown>;

/** What does the calls of an interface; it may take its time. */
export type Handlers<Target> = {
  [Name in keyof Target]: Target[Name] extends (...parameters: infer Parameters) => unknown
    ? (...parameters: Parameters) => void | Promise<void>
    : never;
};

/** An object with the methods of `Target`, each of which posts a call of itself. */
export function caller<Target extends object>(checks: Checks<Target>, post: (call: Call) => void): Target {
  const methods = Object.keys(checks).map((name) => [
    name,
    (...parameters: unknown[]) => post({ call: name, with: parameters }),
  ]);
  return Object.fromEntries(methods) as Target;
}

/** Runs the call in `message`. @returns the method's result, or `refused` if the call is not valid. */
export function receive<Target extends object>(
  checks: Checks<Target>,
  target: Handlers<Target>,
  message: unknown,
): unknown {
  const { call, with: parameters } = (message ?? {}) as Partial<Call>;
  if (typeof call !== 'string' || !Object.hasOwn(checks, call)) return refused;
  const name = call as keyof Target & string;
  if (!is(checks[name], parameters)) return refused;
  return (target as unknown as Methods)[name]?.(...(parameters as unknown[]));
}

export const refused: unique symbol = Symbol('refused');
