import { entityColumns, type Dialect } from '../columns';
import { apiClientEntity } from './api-client.entity';
import { callAgentEntity, callEntity } from './call.entity';
import { contactEntity } from './contact.entity';
import { customerEntity } from './customer.entity';
import { hotlineRecordEntity } from './hotline-record.entity';
import { missedCallEntity, missedTryEntity } from './missed-call.entity';
import { phoneNumberEntity } from './phone-number.entity';
import { sequenceEntity } from './sequence.entity';
import { sessionEntity } from './session.entity';
import { userEntity } from './user.entity';

export function entitiesFor(dialect: Dialect) {
  const column = entityColumns(dialect);
  return [
    userEntity(column),
    sessionEntity(column),
    apiClientEntity(column),
    customerEntity(column),
    contactEntity(column),
    phoneNumberEntity(column),
    callEntity(column),
    callAgentEntity(column),
    hotlineRecordEntity(column),
    missedCallEntity(column),
    missedTryEntity(column),
    sequenceEntity(column),
  ];
}
