import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { placesToConfig } from './places';
import { repositoryRoot } from './repository';

describe('places.conf', () => {
  const text = readFileSync(join(repositoryRoot(), 'dialplans/extensions.d/places.conf'), 'utf8');

  it('says what the tables of the numbering plan say', () => {
    expect(text).toBe(placesToConfig());
  });

  it('holds nothing that Asterisk would read as something else', () => {
    expect(text).toContain('exten => 755,1,Return(广东:深圳)');
    expect(text).toContain('exten => 139,1,Return(mobile)');
    for (const line of text.split('\n').filter((one) => one.startsWith('exten'))) {
      expect(line).toMatch(/^exten => (?:\d{2,3}|_X\.|_XXX),1,Return\((?:[^,;()${}]*)\)$/);
    }
  });
});
