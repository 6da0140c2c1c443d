import { isOpenHours } from './open-hours';

describe('open hours', () => {
  it.each([
    '09:00-18:00,mon-fri,*,*',
    '*,*,*,*',
    '08:30-12:00,mon&wed&fri,1-15,jan-jun',
    '22:00-06:00,*,1&15&31,dec&jan-feb',
    '00:00-23:59,sat-sun,*,*',
  ])('are %s', (text) => {
    expect(isOpenHours(text)).toBe(true);
  });

  it.each([
    ['9-18'],
    ['09:00-18:00'],
    ['09:00-18:00,mon-fri,*,*)\nexten'],
    ['09:00-18:00,weekdays please,*,*'],
    ['99:99-88:88,foo,0-99,xyz'],
    ['09:60-18:00,*,*,*'],
    ['09:00-24:00,*,*,*'],
    ['*,foo,*,*'],
    ['*,mon-,*,*'],
    ['*,*,0,*'],
    ['*,*,32,*'],
    ['*,*,*,xyz'],
    ['*,*,*,*,*'],
  ])('are not %j', (text) => {
    expect(isOpenHours(text)).toBe(false);
  });
});
