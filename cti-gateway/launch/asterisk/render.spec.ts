import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderTemplate, renderTree } from './render';

describe('renderTemplate', () => {
  it('puts values in', () => {
    expect(renderTemplate('bind = @SIP_BIND@:@SIP_PORT@', { SIP_BIND: '127.0.0.1', SIP_PORT: 5060 })).toBe('bind = 127.0.0.1:5060');
  });

  it('leaves what only looks like a placeholder', () => {
    expect(renderTemplate('Dial(PJSIP/${EXTEN}@${TRUNK}) a@b.c @lower@', {})).toBe('Dial(PJSIP/${EXTEN}@${TRUNK}) a@b.c @lower@');
  });

  it('names a placeholder without a value', () => {
    expect(() => renderTemplate('x = @MISSING@', {}, 'pjsip.conf')).toThrow('pjsip.conf: no value for @MISSING@');
  });

  it('does not let a value begin a line of its own', () => {
    expect(() => renderTemplate('secret = @S@', { S: 'a\nwrite = all' })).toThrow('control character');
    expect(renderTemplate('@MEDIA_OPTIONS@', { MEDIA_OPTIONS: 'a = 1\nb = 2' })).toBe('a = 1\nb = 2');
  });

  it('does not read a value as a template again', () => {
    expect(renderTemplate('@A@', { A: '@B@', B: 'x' })).toBe('@B@');
  });
});

describe('renderTree', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'render-'));
    for (const folder of ['source/pjsip.d', 'source/carrier', 'source/docker']) mkdirSync(join(dir, folder), { recursive: true });
    writeFileSync(join(dir, 'source/pjsip.conf'), 'port = @PORT@');
    writeFileSync(join(dir, 'source/pjsip.d/trunk.conf'), 'host = @HOST@');
    writeFileSync(join(dir, 'source/carrier/pjsip.conf'), 'carrier = @PORT@');
    writeFileSync(join(dir, 'source/README.md'), '@NOT_A_TEMPLATE@');
    writeFileSync(join(dir, 'source/docker/Dockerfile'), 'FROM x');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const read = (name: string) => readFileSync(join(dir, 'target', name), 'utf8');

  it('renders configuration, for its owner only, and nothing else', () => {
    renderTree(join(dir, 'source'), join(dir, 'target'), { values: { PORT: 1, HOST: 'h' } });
    expect(read('pjsip.conf')).toBe('port = 1');
    expect(read('pjsip.d/trunk.conf')).toBe('host = h');
    expect(readdirSync(join(dir, 'target')).sort()).toEqual(['pjsip.conf', 'pjsip.d']);
    expect(statSync(join(dir, 'target/pjsip.conf')).mode & 0o077).toBe(0);
  });

  it('leaves nothing of an earlier configuration', () => {
    mkdirSync(join(dir, 'target'), { recursive: true });
    writeFileSync(join(dir, 'target/old.conf'), '');
    renderTree(join(dir, 'source'), join(dir, 'target'), { values: { PORT: 1, HOST: 'h' } });
    expect(readdirSync(join(dir, 'target'))).not.toContain('old.conf');
  });

  it('takes a text instead of a template', () => {
    renderTree(join(dir, 'source'), join(dir, 'target'), { values: { PORT: 1 }, replace: { 'pjsip.d/trunk.conf': 'own @PORT@' } });
    expect(read('pjsip.d/trunk.conf')).toBe('own 1');
  });

  it('lays another folder over some of the templates', () => {
    renderTree(join(dir, 'source'), join(dir, 'target'), { values: { PORT: 2 }, only: [], overlay: join(dir, 'source/carrier') });
    expect(read('pjsip.conf')).toBe('carrier = 2');
    expect(readdirSync(join(dir, 'target'))).toEqual(['pjsip.conf']);
  });
});
