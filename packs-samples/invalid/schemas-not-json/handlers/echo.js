export function echo(input) {
  return { text: input.text };
}
