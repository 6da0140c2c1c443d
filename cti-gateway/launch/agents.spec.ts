import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentsFromConfig, agentsToConfig, browserPhones, completeAgent } from './agents';

const shipped = readFileSync(join(__dirname, '../../dialplans/agents.conf'), 'utf8');

describe('agents.conf', () => {
  it('is read with extensions, kinds and names', () => {
    const agents = agentsFromConfig(shipped, (extension) => `pw${extension}`);
    expect(agents.map(({ extension, name, phone }) => [extension, name, phone])).toEqual([
      ['1001', '林晓', 'browser'],
      ['1002', '何静', 'browser'],
      ['1003', '郑凯', 'browser'],
      ['1009', '周敏', 'browser'],
    ]);
    expect(agents[0]?.password).toBe('pw1001');
  });

  it('is written so that it reads the same', () => {
    const agents = [completeAgent({ extension: '2001', phone: 'desk', name: '王', password: 'x' }), completeAgent({ extension: '2002', password: 'y' })];
    expect(agentsFromConfig(agentsToConfig(agents), (extension) => (extension === '2001' ? 'x' : 'y'))).toEqual(agents);
  });

  it('takes no value that could begin another setting', () => {
    expect(() => agentsToConfig([completeAgent({ extension: '2001', name: 'a\ncontext = outbound' })])).toThrow('2001');
    expect(() => agentsToConfig([completeAgent({ extension: '2001', name: '[x](y)' })])).toThrow('2001');
  });

  it('gives browsers their password and desk phones none', () => {
    const agents = [completeAgent({ extension: '1', phone: 'desk' }), completeAgent({ extension: '2', password: 'y' })];
    expect(browserPhones(agents)).toEqual({ 2: { password: 'y' } });
  });
});
