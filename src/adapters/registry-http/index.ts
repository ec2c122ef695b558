export { httpRegistry } from './registry-http.ts'
