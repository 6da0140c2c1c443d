import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linesFromConfig, linesToConfig, linesToEnv } from './lines';

const shipped = readFileSync(join(__dirname, '../../dialplans/extensions.d/lines.conf'), 'utf8');

describe('lines.conf', () => {
  it('is read with number, area code, queue and label', () => {
    expect(linesFromConfig(shipped)).toEqual([
      { number: '02066668888', areaCode: '20', queue: 'hotline', label: '产品热线' },
      { number: '01066668888', areaCode: '10', queue: 'hotline', label: '北京热线' },
    ]);
  });

  it('takes other lines and keeps what a line does', () => {
    const lines = [{ number: '075566668888', areaCode: '755', queue: 'hotline', label: '深圳' }];
    const text = linesToConfig(shipped, lines);
    expect(linesFromConfig(text)).toEqual(lines);
    expect(text).toContain('Set(LINE_QUEUE=${ARG2})');
    expect(text.indexOf('075566668888')).toBeLessThan(text.indexOf('[line]'));
  });

  it('takes no value that could end the line', () => {
    expect(() => linesToConfig(shipped, [{ number: '1', areaCode: '1', queue: 'q', label: 'a)\nexten' }])).toThrow('line 1');
  });

  it('is handed to the gateway as number=label', () => {
    expect(linesToEnv(linesFromConfig(shipped))).toBe('02066668888=产品热线,01066668888=北京热线');
  });
});
