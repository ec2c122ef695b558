import { z } from 'zod'
import { type Facade, route } from '../../src/http/kit/facade.ts'
import { sampleFacade } from '../support/sample-facade.ts'

/** Breaks out of text, of attributes in either quotes, of titles, styles and scripts, and of comments. */
export const HOSTILE =
  `-->'"><img src=x onerror=alert(1)><svg onload=alert(1)></svg><a href="javascript:alert(1)">x</a>` +
  `</title></textarea></style></script><script>alert(1)</script><style>body{display:none}</style>{{7*7}}`

const Shape = z.strictObject({ [HOSTILE]: z.literal(HOSTILE).meta({ description: HOSTILE }) })
const EXAMPLE = { [HOSTILE]: HOSTILE }

/** An interface whose every text is hostile. Its name is an address, which no text is. */
export function hostileFacade(): Facade {
  return {
    ...sampleFacade(),
    name: 'hostile',
    title: HOSTILE,
    version: HOSTILE,
    description: HOSTILE,
    tags: { [HOSTILE]: HOSTILE },
    failure: ({ status }) => ({ status, body: EXAMPLE }),
    routes: [
      route({
        method: 'POST',
        path: `/${HOSTILE}`,
        operationId: HOSTILE,
        tag: HOSTILE,
        summary: HOSTILE,
        description: HOSTILE,
        credential: 'company',
        params: Shape,
        query: Shape,
        body: Shape,
        requestExample: EXAMPLE as never,
        replies: { 200: { description: HOSTILE, schema: Shape, example: EXAMPLE as never } },
        refusals: [],
        run: async () => ({ status: 200, body: EXAMPLE as never }),
      }),
    ],
  }
}
