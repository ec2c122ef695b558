import type { Block } from './blocks.ts'

export const TITLE = 'Master Services Agreement'
export const REFERENCE = 'QL-2026-0417'
export const CLIENT = 'Quetzal Logistics, S.A.'
export const PROVIDER = 'Ceiba Route Software, S.A.'

const heading = (text: string): Block => ({ kind: 'heading', text })
const clause = (number: string, text: string): Block => ({ kind: 'clause', number, text })
const item = (letter: string, text: string): Block => ({ kind: 'clause', number: `(${letter})`, text, depth: 1 })

/** The agreement, page by page. The parties and all that they agree on are invented. */
export const PAGES: readonly (readonly Block[])[] = [
  [
    { kind: 'title', title: TITLE, subtitle: `Agreement no. ${REFERENCE} · Route planning and delivery tracking` },
    {
      kind: 'parties',
      parties: [
        ['Client', CLIENT, '14 Avenida 3-51, Zona 10', '01010 Ciudad de Guatemala', 'Tax id 5512840-7'],
        ['Provider', PROVIDER, 'Calle de los Almendros 22', '09001 Quetzaltenango', 'Tax id 8830127-1'],
      ],
    },
    {
      kind: 'clause',
      text: `This agreement is made between ${CLIENT} (the “Client”) and ${PROVIDER} (the “Provider”). The Client moves goods by road between eleven depots and wishes to plan its routes and follow its deliveries with software that the Provider makes, hosts and maintains. The parties therefore agree as follows.`,
    },
    heading('1. Meaning of words'),
    clause(
      '1.1',
      '“Service” means the hosted route planner, the drivers’ application and the tracking pages that are described in section 2, with every later version that the Provider releases during the term.',
    ),
    clause(
      '1.2',
      '“Business day” means a day from Monday to Friday that is not a public holiday in Guatemala. “Month” means a calendar month.',
    ),
    clause(
      '1.3',
      '“Client data” means everything that the Client, its staff or its customers put into the Service, and everything that the Service derives from it.',
    ),
    heading('2. The Service'),
    clause('2.1', 'From the start date, the Provider makes the Service available to the Client. It comprises:'),
    item('a', 'planning of daily routes for up to 120 vehicles, with time windows, axle loads and road closures;'),
    item('b', 'an application for drivers that works without a connection for at least eight hours;'),
    item('c', 'a tracking page for each delivery, in Spanish and English, without an account;'),
    item('d', 'interfaces through which the Client’s warehouse system sends orders and receives arrivals.'),
    clause(
      '2.2',
      'The Provider may change how the Service works, provided that no function named in 2.1 is lost and that the Client hears of a visible change at least thirty days before it takes effect.',
    ),
    clause(
      '2.3',
      'The Client names two coordinators. They decide who may use the Service, keep the list of vehicles up to date, and are the Provider’s first contact in all questions of daily operation.',
    ),
  ],
  [
    heading('3. Availability and support'),
    clause(
      '3.1',
      'The Service is available for 99.7 % of each month, measured every minute at the Provider’s public address. Maintenance that was announced five business days ahead and takes place between 23:00 and 04:00 does not count.',
    ),
    clause(
      '3.2',
      'Faults are reported by telephone or through the support page. The Provider answers and repairs them within the times of the following table, counted from the report.',
    ),
    {
      kind: 'table',
      columns: [15, 45, 18, 22],
      header: ['Class', 'What it means', 'First answer', 'Repair or way around'],
      rows: [
        ['Critical', 'Routes cannot be planned or sent to drivers', '30 minutes', '4 hours'],
        ['Serious', 'One function of section 2.1 does not work', '2 hours', '1 business day'],
        ['Minor', 'A function works with visible defects', '1 business day', '10 business days'],
        ['Question', 'Advice on use or configuration', '2 business days', 'by agreement'],
      ],
    },
    clause(
      '3.3',
      'For each full tenth of a percent by which availability stays below 3.1, the fee of that month is lowered by two percent, but not by more than a quarter. The Client need not ask for it; the next invoice shows it.',
    ),
    heading('4. Fees and payment'),
    clause(
      '4.1',
      'The Client pays the fees of the following table. They are in quetzales and exclude value added tax.',
    ),
    {
      kind: 'table',
      columns: [46, 18, 16, 20],
      header: ['Item', 'Basis', 'Quantity', 'Amount'],
      rows: [
        ['Introduction, training at three depots', 'once', '1', 'Q 48,500.00'],
        ['Route planner', 'per month', '12', 'Q 151,200.00'],
        ['Drivers’ application, 120 vehicles', 'per month', '12', 'Q 86,400.00'],
        ['Interface to the warehouse system', 'once', '1', 'Q 22,750.00'],
        ['First contract year', '', '', 'Q 308,850.00'],
      ],
      total: true,
    },
    clause(
      '4.2',
      'Monthly fees are invoiced at the end of each month, single fees when the Client has accepted the work. Invoices are due thirty days after they arrive.',
    ),
    clause(
      '4.3',
      'From the second contract year on, the Provider may raise monthly fees once a year, by no more than the consumer price index rose in the year before, and with ninety days’ notice.',
    ),
    clause(
      '4.4',
      'If the Client disputes part of an invoice, it pays the rest on time and says within ten business days what it disputes and why.',
    ),
  ],
  [
    heading('5. Client data and confidentiality'),
    clause(
      '5.1',
      'Client data belongs to the Client. The Provider uses it only to perform this agreement, keeps it apart from that of others, and stores it in two data centres that are at least two hundred kilometres apart.',
    ),
    clause(
      '5.2',
      'The Provider encrypts Client data in transit and at rest, keeps a backup of each day for thirty-five days, and proves once a year that a backup can be restored.',
    ),
    clause(
      '5.3',
      'If Client data was lost, or seen by somebody who had no right to it, the Provider tells the Client within twenty-four hours what is known, and then each day until the matter is settled.',
    ),
    clause(
      '5.4',
      'Each party keeps secret what it learns of the other’s business and is not public. This duty lasts three years longer than this agreement.',
    ),
    heading('6. Rights in the software'),
    clause(
      '6.1',
      'All rights in the Service remain with the Provider. During the term, the Client may use it for its own transport business and that of its subsidiaries.',
    ),
    clause(
      '6.2',
      'If somebody claims that the Service infringes their rights, the Provider defends the Client at its own cost, provided that it hears of the claim without delay and may conduct the defence.',
    ),
    heading('7. Liability'),
    clause('7.1', 'Neither party limits its liability for intent, for gross negligence, or for harm to persons.'),
    clause(
      '7.2',
      'In all other cases, what a party owes the other in one contract year is limited to the fees of that year. Lost profit is not compensated.',
    ),
    heading('8. Term and end'),
    clause(
      '8.1',
      'This agreement starts on the day of the last signature and runs for twenty-four months. It is then extended by twelve months at a time, unless one party gives notice ninety days before.',
    ),
    clause('8.2', 'Either party may end it at once for good cause, in particular when the other'),
    item('a', 'does not pay an undisputed invoice within sixty days after a reminder;'),
    item('b', 'misses the availability of 3.1 in three months of any twelve;'),
    item('c', 'breaks section 5 and does not make it good within fifteen days.'),
    clause(
      '8.3',
      'At the end, the Provider hands over all Client data in an open format within ten business days, and deletes its own copies within thirty more.',
    ),
  ],
  [
    heading('9. Final provisions'),
    clause(
      '9.1',
      'Changes to this agreement need the signatures of both parties. Electronic signatures that identify the person who signs, and show any later change of the document, are sufficient.',
    ),
    clause('9.2', 'If a provision is void, the others stay valid. The law of Guatemala applies.'),
    clause(
      '9.3',
      'The courts of Ciudad de Guatemala decide disputes that the parties’ directors cannot settle within thirty days.',
    ),
    heading('10. Particulars of the signatory and signatures'),
    {
      kind: 'clause',
      text: 'The person who signs for the Client states the following, and declares to be entitled to bind the company.',
    },
  ],
]
