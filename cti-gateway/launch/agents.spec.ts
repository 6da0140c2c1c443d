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

  it('keeps what else is set for an agent, and no comment', () => {
    const text = '[1001](desk-phone)\nhint_exten = 1001\nendpoint/callerid = 林晓 <1001>\n; from home\nendpoint/language = en\naor/max_contacts=2\ninbound_auth/username = 1001\ninbound_auth/password = @PHONE_PASSWORD_1001@\n\n; the next\n[1002](browser-phone)\nhint_exten = 1002\n';
    const agents = agentsFromConfig(text, () => 'pw');
    expect(agents.map(({ more }) => more)).toEqual([['endpoint/language = en', 'aor/max_contacts=2'], undefined]);
    const written = agentsToConfig(agents);
    expect(written).toContain('inbound_auth/password = pw\nendpoint/language = en\naor/max_contacts=2\n\n[1002](browser-phone)\n');
    expect(agentsFromConfig(written, () => 'pw')).toEqual([agents[0], { ...agents[1], name: '1002' }]);
    expect(() => agentsToConfig([completeAgent({ extension: '2001', more: ['[trunk]'] })])).toThrow('2001');
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
