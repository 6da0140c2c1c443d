import { errorsOf, formsOf, newException, rulesOf } from './rules-form';

const RULES = {
  default: { countryCode: 'CN' as const, areaCode: '20', outsidePrefix: null, internalPattern: '[18]\\d{3}', serviceNumbers: ['6688'] },
  exceptions: [
    {
      scope: 'line' as const,
      name: '01066668888',
      label: '北京热线',
      areaCode: '10',
      outsidePrefix: '',
      internalPattern: null,
      serviceNumbers: null,
    },
  ],
};

describe('the form of number rules', () => {
  it('gives back what it was filled with', () => {
    expect(rulesOf(formsOf(RULES))).toEqual(RULES);
  });

  it('tells "none" from "as the default"', () => {
    const forms = formsOf(RULES);
    forms.push({ ...newException('02088880000'), outsidePrefix: '' });
    expect(rulesOf(forms).exceptions.map(({ outsidePrefix }) => outsidePrefix)).toEqual(['', '']);
    expect(rulesOf([...formsOf(RULES), newException('x')]).exceptions[1]?.outsidePrefix).toBeNull();
  });

  it('takes service numbers however they are separated', () => {
    const forms = formsOf(RULES);
    (forms[0] as { services: string }).services = '6688，7799、 8800;9900';
    expect(rulesOf(forms).default.serviceNumbers).toEqual(['6688', '7799', '8800', '9900']);
  });

  it('puts what crm-core refuses beside its field', () => {
    expect(
      errorsOf([
        { path: 'default.areaCode', code: 'invalid_format', message: '' },
        { path: 'exceptions.0.serviceNumbers.2', code: 'invalid_format', message: '' },
        { path: 'exceptions.1.name', code: 'required', message: '' },
        { path: 'rules.default.internalPattern', code: 'invalid_pattern', message: '' },
        { path: 'exceptions', code: 'already_exists', message: '' },
      ]),
    ).toEqual({ '0.areaCode': 'area', '1.services': 'services', '2.name': 'name', '0.internalPattern': 'internal', twice: 'twice' });
  });
});
