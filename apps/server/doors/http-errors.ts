import { ArgumentsHost, Catch, ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { problemOf, sendProblem, unreadBody } from './problem.ts';

/**
 * What goes wrong before a door's own code runs: no such route, a body that is no JSON, too large or of another type.
 * Answered as a typed problem without the server's own words, which repeat the address and parts of the body.
 */
@Catch(HttpException)
export class HttpErrors implements ExceptionFilter {
  catch(error: HttpException, host: ArgumentsHost): unknown {
    if (host.getType<string>() !== 'http') return error;
    const status = error.getStatus();
    return void sendProblem(host.switchToHttp().getResponse<FastifyReply>(), problemOf(status), unreadBody(status));
  }
}
