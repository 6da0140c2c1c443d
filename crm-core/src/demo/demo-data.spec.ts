import { NewCustomer } from '../../contract/customers';
import { NumberReading, rulesOfEnvironment } from '../modules/numbers/number-reading';
import { DEMO_CALLS, DEMO_CUSTOMERS, DEMO_LINE, DEMO_USERS } from './demo-data';

const reading = new NumberReading(rulesOfEnvironment({ areaCode: DEMO_LINE.areaCode, internalPattern: '\\d{4}', outsidePrefix: null }));
const customers = DEMO_CUSTOMERS.map((customer) => NewCustomer.parse(customer));
const keysOf = (customer: NewCustomer) =>
  new Set(
    [...customer.numbers, ...customer.contacts.flatMap((contact) => contact.numbers)].flatMap(({ raw }) =>
      reading.stored(raw).map(({ key }) => key),
    ),
  );

describe('the demo', () => {
  it('has only numbers that are read', () => {
    for (const customer of customers) expect(keysOf(customer)).not.toContain(null);
  });

  it('has one known caller and one switchboard of two customers', () => {
    const owners = (key: string) => customers.filter((customer) => keysOf(customer).has(key)).map((customer) => customer.name);
    expect(owners('+8613912345678')).toEqual(['云岭市政管网有限公司']);
    expect(owners('+862088880001')).toEqual(['云岭市政管网有限公司', '云岭燃气有限公司']);
  });

  it('has calls of people and customers that are there', () => {
    const agents = new Set(DEMO_USERS.map((user) => user.extension));
    for (const call of DEMO_CALLS) {
      if (call.agent !== null) expect(agents).toContain(call.agent);
      if (call.record !== undefined) expect(customers.some((customer) => keysOf(customer).has(reading.caller(call.number).key))).toBe(true);
    }
  });
});
