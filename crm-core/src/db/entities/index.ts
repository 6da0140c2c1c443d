import { entityColumns, type Dialect } from '../columns';
import { apiClientEntity } from './api-client.entity';
import { auditEntryEntity } from './audit-entry.entity';
import { callTrailEntity } from './call-trail.entity';
import { callAgentEntity, callEntity } from './call.entity';
import { callerMarkEntity } from './caller-mark.entity';
import { contactEntity } from './contact.entity';
import { customerEntity } from './customer.entity';
import { callDispositionEntity, dispositionEntity } from './disposition.entity';
import { hotlineRecordEntity } from './hotline-record.entity';
import { missedCallEntity, missedTryEntity } from './missed-call.entity';
import { matchDecisionEntity } from './match-decision.entity';
import { linkTaskEntity, numberingVersionEntity, rekeyingEntity } from './numbering.entity';
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
    callTrailEntity(column),
    dispositionEntity(column),
    callDispositionEntity(column),
    hotlineRecordEntity(column),
    missedCallEntity(column),
    missedTryEntity(column),
    sequenceEntity(column),
    numberingVersionEntity(column),
    rekeyingEntity(column),
    linkTaskEntity(column),
    matchDecisionEntity(column),
    callerMarkEntity(column),
    auditEntryEntity(column),
  ];
}
