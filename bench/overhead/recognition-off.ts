/** In the place of `valibot`: a fact of a known type is taken as it is. */
export * from 'valibot';

export const is = (): true => true;
