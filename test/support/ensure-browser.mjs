import fs from 'node:fs';
import { installDebianPackages } from '../../cti-gateway/launch/debian-packages.mjs';

const CANDIDATES = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const CJK_FONT = '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc';

/** Path of a Chromium that the end-to-end tests can drive, or null. */
export function findBrowser() {
  return CANDIDATES.find((file) => file && fs.existsSync(file)) ?? null;
}

/**
 * The end-to-end tests need Chromium and Chinese glyphs: as root on Debian they are installed, elsewhere one sentence says what to install.
 * @returns {Promise<string | null>} that sentence, where there is no Chromium
 */
export async function ensureBrowser() {
  const missing = [...(findBrowser() ? [] : ['chromium']), ...(fs.existsSync(CJK_FONT) ? [] : ['fonts-noto-cjk'])];
  if (missing.length === 0) return null;
  await installDebianPackages(missing, (line) => console.log(line));
  if (findBrowser()) return null;
  return `The end-to-end tests need Chromium: install it (Debian: apt-get install ${missing.join(' ')}) or set CHROMIUM_PATH.`;
}
