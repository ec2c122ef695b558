/** True where minutes are allowed (`npm run test:long`). */
export const isLong = process.env['CHANCERY_TEST_LONG'] === '1'
