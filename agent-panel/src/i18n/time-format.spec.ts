import { clockSpan, dayAndTime, dayName, fullTime } from './time-format';

const zh = { locale: 'zh-CN', today: '今天', yesterday: '昨天' };
const en = { locale: 'en', today: 'Today', yesterday: 'Yesterday' };
const at = (text: string) => new Date(text).getTime();
const now = at('2025-11-21T14:31:00');

describe('times on screen', () => {
  it.each([
    [0, '00:00'],
    [222_000, '03:42'],
    [3_822_000, '1:03:42'],
    [-5_000, '00:00'],
  ])('a span of %d ms is %s', (span, shown) => {
    expect(clockSpan(span)).toBe(shown);
  });

  it.each([
    ['2025-11-21T00:00:00', '今天', 'Today'],
    ['2025-11-20T23:59:59', '昨天', 'Yesterday'],
    ['2025-11-19T12:00:00', '2025-11-19', '19 Nov 2025'],
  ])('%s is %s', (text, chinese, english) => {
    expect(dayName(at(text), now, zh)).toBe(chinese);
    expect(dayName(at(text), now, en)).toBe(english);
  });

  it('writes the date the way of the language', () => {
    expect(fullTime(now, 'zh-CN')).toBe('2025-11-21 14:31');
    expect(fullTime(now, 'en')).toBe('21 Nov 2025, 14:31');
    expect(dayAndTime(at('2025-11-19T08:05:00'), now, en)).toBe('19 Nov 2025, 08:05');
    expect(dayAndTime(now, now, zh)).toBe('今天 14:31');
  });
});
