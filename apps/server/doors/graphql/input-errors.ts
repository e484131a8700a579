import {
  type ArgumentMetadata,
  ArgumentsHost,
  Catch,
  ExceptionFilter,
  ValidationPipe,
  type ValidationError,
} from '@nestjs/common';
import { GqlArgumentsHost } from '@nestjs/graphql';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { invalidInput, tryAgain, type UserError } from './user-errors.ts';
import { TablesNotReady } from '#projections/index';
import { NotNow } from '../../desk/not-now.ts';
import { BROKEN_TEXT, brokenTextIn } from '../well-formed.ts';

/** Arguments that class-validator found wrong: paths and sentences. */
export class InputWrong extends Error {
  override readonly name = 'InputWrong';
  readonly faults: readonly { readonly field: readonly string[]; readonly message: string }[];
  constructor(errors: readonly ValidationError[]) {
    super('The input can’t be used.');
    this.faults = faultsIn(errors, []);
  }
}

function faultsIn(errors: readonly ValidationError[], path: readonly string[]): { field: string[]; message: string }[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const field = [...path, property];
    return [
      ...Object.values(constraints).map((message) => ({ field, message: `${message}.` })),
      ...faultsIn(children, field),
    ];
  });
}

/** Text that can't be stored is told of by its field, before anything else is looked at. */
class InputPipe extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // What the service itself hands to a resolver is no input.
    if (metadata.type === 'custom') return super.transform(value, metadata) as Promise<unknown>;
    const [field, ...path] = brokenTextIn({ [metadata.data ?? 'input']: value }) ?? [];
    if (field === undefined) return super.transform(value, metadata) as Promise<unknown>;
    throw new InputWrong([faultAt(metadata.data === 'input' ? path : [field, ...path])]);
  }
}

function faultAt([property = '', ...path]: readonly string[]): ValidationError {
  if (path.length > 0) return { property, children: [faultAt(path)] };
  return { property, constraints: { wellFormed: BROKEN_TEXT } };
}

/** Nothing that isn't declared gets in (threat T42). */
export const inputPipe = new InputPipe({
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  transform: true,
  validationError: { target: false, value: false },
  exceptionFactory: (errors) => new InputWrong(errors),
});

/**
 * Wrong input and "not now" are answers of a mutation like any other; a query says them as errors. Errors that are meant
 * for the caller go there, and into no log.
 */
@Catch(InputWrong, NotNow, TablesNotReady, GraphQLError)
export class SpokenErrors implements ExceptionFilter {
  catch(error: InputWrong | NotNow | TablesNotReady | GraphQLError, host: ArgumentsHost): unknown {
    if (error instanceof GraphQLError) return error;
    const { parentType } = GqlArgumentsHost.create(host).getInfo<GraphQLResolveInfo>();
    const inMutation = parentType.name === 'Mutation';
    const userErrors: UserError[] =
      error instanceof InputWrong
        ? error.faults.map(({ field, message }) => invalidInput(inMutation ? ['input', ...field] : field, message))
        : [tryAgain()];
    if (inMutation) return { position: null, userErrors };
    const code = error instanceof InputWrong ? 'BAD_USER_INPUT' : 'TRY_AGAIN';
    return new GraphQLError(userErrors.map(({ message }) => message).join(' '), { extensions: { code } });
  }
}
