/** What VS Code loads in its extension host: runs every test of this folder with mocha. */
export async function run(): Promise<void> {
  // Not bundled: it is an ES module, and the extension host of an older VS Code requires it in another shape.
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false, reporter: 'spec' });
  const grep = process.env['TESTS_GREP'];
  if (grep !== undefined) mocha.fgrep(grep);
  // Gives the files below their `describe` and `it`.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./accounts.test.ts');
  await import('./agentQuestions.test.ts');
  await import('./commands.test.ts');
  await import('./contacts.test.ts');
  await import('./imports.test.ts');
  await import('./languageModelTools.test.ts');
  await import('./localWorkspace.test.ts');
  await import('./messages.test.ts');
  await import('./notifications.test.ts');
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      console.log(`tests ran: ${runner.total - failures} passed, ${failures} failed`);
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed`));
    });
  });
}
