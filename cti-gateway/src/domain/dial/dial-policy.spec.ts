import { parseCallerId } from '../../../../crm-core/caller-id';
import { decideDial, type DialingAgent, type DialLimits } from './dial-policy';
import type { DialClass } from './parsed-number';

const agent: DialingAgent = { extension: '1001', mayDial: true, mayDialInternational: false, inCall: false };
const limits: DialLimits = { perMinute: 3, classes: new Set<DialClass>(['mobile', 'fixed', 'service', 'international']) };
const parse = (raw: string): ReturnType<typeof parseCallerId> => parseCallerId(raw, { areaCode: '20' });
const decide = (number: string, more: Partial<DialingAgent> = {}, history: readonly number[] = []): string => {
  const decision = decideDial({ number, parse, nowMs: 100_000 }, { ...agent, ...more }, limits, history);
  return decision.allowed ? decision.digits : decision.code;
};

describe('digits to dial', () => {
  it.each([
    ['13912345678', '13912345678'],
    ['+86 139-1234-5678', '13912345678'],
    ['0086 139 1234 5678', '13912345678'],
    ['１３９１２３４５６７８', '13912345678'],
    ['013912345678', '13912345678'],
    ['0755-82345678', '075582345678'],
    ['+86 755 8234 5678', '075582345678'],
    ['62345678', '02062345678'],
    ['010-62345678转801', '01062345678'],
    ['95588', '95588'],
    ['400-820-8820', '4008208820'],
    ['12345', '12345'],
    ['010 12345', '01012345'],
    ['+86 400 820 8820', '4008208820'],
  ])('%s becomes %s', (number, digits) => {
    expect(decide(number)).toBe(digits);
  });

  it('abroad is 00 and only for those who may', () => {
    expect(decide('+1 917 555 1234')).toBe('dial.international_not_permitted');
    expect(decide('+1 917 555 1234', { mayDialInternational: true })).toBe('0019175551234');
    expect(decide('00852 6123 4567', { mayDialInternational: true })).toBe('0085261234567');
  });
});

describe('refusals, in this order', () => {
  it.each([
    ['not allowed to dial at all', '', { mayDial: false }, 'dial.not_permitted'],
    ['a line break', '139\r\n12345678', {}, 'dial.control_character'],
    ['a line break at the end of a pasted number is only blank', '13912345678\r\n', {}, '13912345678'],
    ['NUL', '13912345678\0', {}, 'dial.control_character'],
    ['a mark that turns text around', '139\u202e12345678', {}, 'dial.control_character'],
    ['a zero-width space', '139\u200b12345678', {}, 'dial.control_character'],
    ['nothing', '  ', {}, 'dial.empty'],
    ['words', '销售部', {}, 'dial.invalid_number'],
    ['too short', '1', {}, 'dial.invalid_number'],
    ['too long', '1'.repeat(64), {}, 'dial.invalid_number'],
    ['withheld', 'anonymous', {}, 'dial.invalid_number'],
    ['a dialplan expression', '${SHELL(id)}', {}, 'dial.invalid_number'],
    ['two endpoints', '13912345678&PJSIP/1002', {}, 'dial.invalid_number'],
    ['the own extension', '1001', {}, 'dial.own_extension'],
    ['the own extension, spaced', '10 01', {}, 'dial.own_extension'],
    ['in a call', '13912345678', { inCall: true }, 'dial.already_in_call'],
  ])('%s', (_title, number, more, expected) => {
    expect(decide(number, more)).toBe(expected);
  });

  it('a class that is not dialled from here', () => {
    const internal = { number: '1002', parse: () => ({ key: 'ext:1002', numberClass: 'internal' as const }), nowMs: 0 };
    expect(decideDial(internal, agent, limits, [])).toEqual({ allowed: false, code: 'dial.class_not_allowed' });
  });

  it('too many in a minute, with the time to wait', () => {
    expect(decide('13912345678', {}, [50_000, 60_000])).toBe('13912345678');
    expect(decide('13912345678', {}, [10_000, 50_000, 60_000])).toBe('13912345678');
    const decision = decideDial({ number: '13912345678', parse, nowMs: 100_000 }, agent, limits, [60_000, 50_000, 90_000]);
    expect(decision).toEqual({ allowed: false, code: 'dial.rate_limited', retryAfterMs: 10_000 });
  });
});
