import { parseCallArguments } from './call-arguments';

const lines = ['02066668888', '01066668888'];

describe('npm run call', () => {
  it.each([
    [['13912345678'], { callerId: '13912345678', line: '02066668888' }],
    [['+8613912345678', '01066668888'], { callerId: '+8613912345678', line: '01066668888' }],
    [['anonymous'], { callerId: 'anonymous', line: '02066668888' }],
  ])('%j', (args, request) => expect(parseCallArguments(args, lines)).toEqual(request));

  it.each([[[]], [['1', '2', '3']], [['a b']], [['1>,<sip:x']], [['13912345678', 'line']]])('refuses %j with the usage', (args) => {
    expect(() => parseCallArguments(args, lines)).toThrow(/npm run call -- 13912345678/);
  });
});
