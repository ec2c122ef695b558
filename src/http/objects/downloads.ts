import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { type Platform, redeemDownload } from '../../core/index.ts'
import { refuseOtherMethods } from '../kit/mount.ts'

const PATH = '/files/:token'

/** Sends documents to who has a link: once, streamed from their store. */
export function downloadsDoor(platform: Platform) {
  return (app: FastifyInstance): void => {
    app.get<{ Params: { token: string } }>(PATH, async (request, reply) => {
      const { fileName, file } = await redeemDownload(platform, request.params.token, request.id)
      reply
        .header('content-type', 'application/pdf')
        .header('content-length', file.size)
        .header('content-disposition', attachment(fileName))
      const body = Readable.from(file.stream())
      body.once('close', () => {
        file.close().catch((error: unknown) => platform.log.error({ error }, 'a file could not be closed'))
      })
      return reply.send(body)
    })
    refuseOtherMethods(app, [{ method: 'GET', url: PATH }])
  }
}

/** RFC 6266: an ASCII name for old clients, the whole one in RFC 8187 form. Never shown in a browser tab of ours. */
function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/g, percent)}`
}

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
