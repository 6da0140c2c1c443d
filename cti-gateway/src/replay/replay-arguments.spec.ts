import { replayArguments } from './replay-arguments';

test('a file alone: trunk and extensions of the product', () => {
  expect(replayArguments(['calls.ami.raw'])).toEqual({
    file: 'calls.ami.raw',
    model: { trunkEndpoints: ['trunk'], agentExtension: /^(?:\d{2,10})$/ },
  });
});

test('other trunks, other extensions, standard input', () => {
  expect(replayArguments(['--trunk', 'a', '--trunk', 'b', '--agent', '1...|2...', '-'])).toEqual({
    file: '-',
    model: { trunkEndpoints: ['a', 'b'], agentExtension: /^(?:1...|2...)$/ },
  });
});

test.each([
  [[], /one file/],
  [['a', 'b'], /one file/],
  [['--agent', '(', 'a'], /regular expression/],
  [['--speed', '2', 'a'], /--speed/],
])('%j is refused with a reason', (argv, reason) => {
  expect(replayArguments(argv)).toMatch(reason);
});
