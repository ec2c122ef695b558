import chromium from '@sparticuz/chromium'

// A process of its own: the package unpacks into whatever TMPDIR and AWS_EXECUTION_ENV say.
process.stdout.write(await chromium.executablePath())
