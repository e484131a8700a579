import { ArgumentsHost, Catch, ExceptionFilter, ValidationPipe, type ValidationError } from '@nestjs/common';
import { GqlArgumentsHost } from '@nestjs/graphql';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { invalidInput, tryAgain, type UserError } from './user-errors.ts';
import { NotNow } from '../../desk/lane.ts';

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

/** Nothing that isn't declared gets in (threat T42). */
export const inputPipe = new ValidationPipe({
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  transform: true,
  validationError: { target: false, value: false },
  exceptionFactory: (errors) => new InputWrong(errors),
});

/** Wrong input and "not now" are answers of a mutation like any other; a query says them as errors. */
@Catch(InputWrong, NotNow)
export class InputErrors implements ExceptionFilter {
  catch(error: InputWrong | NotNow, host: ArgumentsHost): unknown {
    const { parentType } = GqlArgumentsHost.create(host).getInfo<GraphQLResolveInfo>();
    const userErrors: UserError[] =
      error instanceof NotNow
        ? [tryAgain()]
        : error.faults.map(({ field, message }) => invalidInput(['input', ...field], message));
    if (parentType.name === 'Mutation') return { position: null, userErrors };
    const code = error instanceof NotNow ? 'TRY_AGAIN' : 'BAD_USER_INPUT';
    return new GraphQLError(userErrors.map(({ message }) => message).join(' '), { extensions: { code } });
  }
}
