import { lastWords } from './last-words';

describe('the last words of a service', () => {
  it('are its sentences, and of its log lines what they say', () => {
    const output = [
      'crm-core cannot start:',
      '  HOTLINE_PORT must be a whole number',
      '{"level":30,"time":1,"msg":"listening"}',
      '{"level":50,"err":{"message":"disk full","stack":"…"},"msg":"cannot write"}',
      '{"level":60,"x":1}',
      '{not json',
      '',
    ].join('\n');
    expect(lastWords(output)).toEqual([
      'crm-core cannot start:',
      '  HOTLINE_PORT must be a whole number',
      'listening',
      'error: cannot write: disk full',
      'error: {"level":60,"x":1}',
      '{not json',
    ]);
  });
});
