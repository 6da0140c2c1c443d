import { hash, verify } from '@node-rs/argon2';

/** Argon2id with the parameters OWASP's password storage cheat sheet gives first: 19 MiB, two passes, one lane. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Same password, same bytes, whatever keyboard composed the accents. */
const bytesOf = (password: string) => password.normalize('NFC');

export function hashPassword(password: string): Promise<string> {
  return hash(bytesOf(password), PARAMETERS);
}

let decoy: Promise<string> | undefined;

/**
 * Whether the password belongs to the hash. With no hash (nobody of that name) it takes the same time and says no, so that
 * the time of a refusal does not tell which names exist.
 */
export async function passwordMatches(encoded: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('a password that nobody has');
  const matches = await verify(encoded ?? (await decoy), bytesOf(password));
  return encoded !== null && matches;
}
