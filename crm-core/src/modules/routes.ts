import type { AppContext } from '../context';
import { Directory } from '../db/repositories/directory.repository';
import type { Route } from '../http/route';
import { apiClientRoutes } from './api-clients/api-clients.router';
import { ApiClientsService } from './api-clients/api-clients.service';
import { auditRoutes } from './audit/audit.router';
import { AuditService } from './audit/audit.service';
import { CallLinking } from './calls/call-linking';
import { CallLinks } from './calls/call-links';
import { CallOwners } from './calls/call-owners';
import { callRoutes } from './calls/calls.router';
import { CallsService } from './calls/calls.service';
import { contactRoutes } from './contacts/contacts.router';
import { ContactsService } from './contacts/contacts.service';
import { customerRoutes } from './customers/customers.router';
import { CustomersService } from './customers/customers.service';
import { decisionRoutes } from './decisions/decisions.router';
import { DecisionsService } from './decisions/decisions.service';
import { hotlineRecordRoutes } from './hotline-records/hotline-records.router';
import { dispositionRoutes } from './dispositions/dispositions.router';
import { DispositionsService } from './dispositions/dispositions.service';
import { HotlineRecordsService } from './hotline-records/hotline-records.service';
import { markRoutes } from './marks/marks.router';
import { MarksService } from './marks/marks.service';
import { matchRoutes } from './match/match.router';
import { MatchService } from './match/match.service';
import { MissedIntake } from './missed-calls/missed-intake';
import { missedCallRoutes } from './missed-calls/missed-calls.router';
import { MissedCallsService } from './missed-calls/missed-calls.service';
import { Ownership } from './match/ownership';
import { numberingRoutes } from './numbering/numbering.router';
import { NumberingService } from './numbering/numbering.service';
import { RecordingsService } from './recordings/recordings.service';
import { recordingRoutes } from './recordings/recordings.router';
import { Rekeyer } from './numbering/rekeyer';
import { NumberReading, rulesOfEnvironment } from './numbers/number-reading';
import { NumbersService } from './numbers/numbers.service';
import { sessionRoutes } from './session/session.router';
import { SessionService } from './session/session.service';
import { userRoutes } from './users/users.router';
import { UsersService } from './users/users.service';

/** The services of all modules, built once for an application. */
export function buildServices(app: AppContext) {
  const reading = new NumberReading(rulesOfEnvironment(app.config));
  const directory = new Directory();
  const ownership = new Ownership(directory);
  const owners = new CallOwners(ownership);
  const links = new CallLinks(owners);
  const dispositions = new DispositionsService(app);
  const linking = new CallLinking(ownership, app.now);
  const numbers = new NumbersService(reading, linking);
  const matching = new MatchService(app, { reading, directory, ownership });
  const missedIntake = new MissedIntake();
  return {
    sessions: new SessionService(app),
    users: new UsersService(app),
    apiClients: new ApiClientsService(app),
    matching,
    customers: new CustomersService(app, { reading, numbers, links, linking, ownership }),
    contacts: new ContactsService(app, numbers),
    calls: new CallsService(app, { reading, owners, links, missed: missedIntake }),
    recordings: new RecordingsService(app),
    missed: new MissedCallsService(app),
    decisions: new DecisionsService(app, { reading, numbers, linking, owners }),
    audit: new AuditService(app),
    marks: new MarksService(app, reading),
    linking,
    numbering: new NumberingService(app, { reading, matching }),
    rekeyer: new Rekeyer(app, linking, missedIntake),
    records: new HotlineRecordsService(app, { reading, matching, links, dispositions }),
    dispositions,
  };
}
export type Services = ReturnType<typeof buildServices>;

export function allRoutes(services: Services): Route[] {
  return [
    ...sessionRoutes(services.sessions),
    ...userRoutes(services.users),
    ...apiClientRoutes(services.apiClients),
    ...customerRoutes(services.customers),
    ...contactRoutes(services.contacts),
    ...hotlineRecordRoutes(services.records),
    ...callRoutes(services.calls),
    ...recordingRoutes(services.recordings),
    ...missedCallRoutes(services.missed),
    ...dispositionRoutes(services.dispositions),
    ...matchRoutes(services.matching),
    ...decisionRoutes(services.decisions),
    ...auditRoutes(services.audit),
    ...markRoutes(services.marks),
    ...numberingRoutes(services.numbering),
  ];
}
