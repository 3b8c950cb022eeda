/** Tests of vitest's JSON report that passed only on a retry, with the first failure. */
export function retriedUnit(report) {
  return (report?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName }) => `${shorten(name)}: ${fullName}`),
  );
}

/** The same of Playwright's, which calls them flaky. */
export function retriedE2e(report) {
  return (report?.suites ?? []).flatMap((suite) => flakyIn(suite, []));
}

const flakyIn = ({ file, title, specs = [], suites = [] }, titles) => {
  const path = title === file ? titles : [...titles, title];
  const own = specs
    .filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
    .map((spec) => `${file}: ${[...path, spec.title].join(' ')}`);
  return [...own, ...suites.flatMap((suite) => flakyIn(suite, path))];
};

const shorten = (path) => path.replace(/^.*?[\\/](?=(?:src-|scripts[\\/]))/, '');
