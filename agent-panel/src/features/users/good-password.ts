/** Letters and digits that nobody takes for one another on paper or on the telephone: no i, l, o, 0 and 1. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP = 4;
/** Bytes from here on would make the first signs likelier than the last. */
const FAIR = 256 - (256 % SIGNS.length);
const TRIES = 20;

function sign(): string {
  for (;;) {
    const [byte = FAIR] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < FAIR) return SIGNS.charAt(byte % SIGNS.length);
  }
}

const group = () => Array.from({ length: GROUP }, sign).join('');
const grouped = () => Array.from({ length: GROUPS }, group).join('-');

/** A password of 79 bits to be read out or copied, `k7mq-…`; without the user name, which crm-core does not allow in it. */
export function goodPassword(username: string): string {
  const name = username.trim().toLowerCase();
  let password = grouped();
  for (let tries = 1; name.length > 1 && password.includes(name) && tries < TRIES; tries += 1) password = grouped();
  return password;
}
