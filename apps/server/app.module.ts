import { Module, type DynamicModule } from '@nestjs/common';
import type { TokenVerifier } from './adapters/oidc/token-verifier.ts';
import type { Config } from './config/config.ts';
import type { Clock } from './desk/clock.ts';
import type { Desk } from './desk/desk.ts';
import type { Visits } from './desk/visits.ts';

/** What the doors inside Nest are built from. */
export interface AppParts {
  readonly desk: Desk;
  readonly visits: Visits;
  readonly verifier: TokenVerifier;
  readonly clock: Clock;
  readonly config: Config;
  readonly cursorKey: Uint8Array;
}

@Module({})
export class AppModule {
  static with(_parts: AppParts): DynamicModule {
    return { module: AppModule };
  }
}
