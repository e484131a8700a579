import { Field, ID, Int, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'An area of the product.' })
export class Area {
  @Field(() => ID, { description: 'Its name in the catalogue.' })
  id!: string;
  @Field(() => String, { description: 'What people call it.' })
  label!: string;
}

@ObjectType({ description: 'A page of the product that the vendor declared; what isn’t declared is closed.' })
export class CataloguePage {
  @Field(() => ID, { description: 'Its name in the catalogue.' })
  id!: string;
  @Field(() => String, { description: 'What people call it.' })
  label!: string;
  @Field(() => ID, { nullable: true, description: 'The area that it is in.' })
  area!: string | null;
  @Field(() => String, { description: 'Its risk: view (a read visit may open it), sensitive, never.' })
  class!: string;
}

@ObjectType({ description: 'The values that one argument of an action may have.' })
export class ArgumentChoices {
  @Field(() => String, { description: 'The argument’s name.' })
  argument!: string;
  @Field(() => String, {
    nullable: true,
    description: 'On what the action is done for these values to count, by the product’s id; null: on whatever it is.',
  })
  target!: string | null;
  @Field(() => [String], { description: 'The values, in the catalogue’s order; another is refused.' })
  values!: readonly string[];
}

@ObjectType({ description: 'Something that changes the customer’s data.' })
export class CatalogueAction {
  @Field(() => ID, { description: 'Its name in the catalogue.' })
  id!: string;
  @Field(() => String, { description: 'What people call it.' })
  label!: string;
  @Field(() => String, { description: 'The same with {target} where what it is about is named.' })
  phrase!: string;
  @Field(() => String, { nullable: true, description: 'What kind of thing it is about: invoice; null: nothing.' })
  target!: string | null;
  @Field(() => [String], { description: 'Names of its arguments, all text: it is asked for with a value for each.' })
  takes!: readonly string[];
  @Field(() => [ArgumentChoices], {
    description: 'Which values its arguments may have; an argument that isn’t there, on that target, may be any text.',
  })
  choices!: readonly ArgumentChoices[];
  @Field(() => [ID], {
    nullable: true,
    description: 'The pages that performing it needs, which a request for it opens without a job; null: not said.',
  })
  pages!: readonly string[] | null;
  @Field(() => ID, { nullable: true, description: 'The area that it is in.' })
  area!: string | null;
  @Field(() => String, { description: 'Its risk: change, restricted, never.' })
  class!: string;
  @Field(() => Boolean, { description: 'Whether it moves data out: it is asked for as an export then.' })
  isExport!: boolean;
}

@ObjectType({ description: 'A field of the product’s records, and how visits see it.' })
export class CatalogueField {
  @Field(() => ID, { description: 'Its name in the catalogue.' })
  id!: string;
  @Field(() => String, {
    nullable: true,
    description:
      'What people call it: "the e-mail address of {record}", {record} being the product’s id; null where the catalogue has none.',
  })
  label!: string | null;
  @Field(() => String, {
    description:
      'What is left of its value in a visit: email, phone, last4, …; none: all of it. A secret is never shown, any other mask may be lifted for one record, once.',
  })
  mask!: string;
  @Field(() => [ID], {
    nullable: true,
    description: 'The pages that show it, which a reveal of it opens; null where the catalogue tells none.',
  })
  pages!: readonly string[] | null;
}

@ObjectType({ description: 'A kind of support task: the smallest scope that it needs.' })
export class CatalogueJob {
  @Field(() => ID, { description: 'Its name in the catalogue, for startSession.' })
  id!: string;
  @Field(() => String, { description: 'What people call it.' })
  label!: string;
  @Field(() => [ID], { description: 'The pages that it opens.' })
  pages!: readonly string[];
  @Field(() => [ID], { description: 'The actions that it needs.' })
  actions!: readonly string[];
  @Field(() => Boolean, { description: 'Whether it only reads, as every visit does.' })
  readOnly!: boolean;
}

@ObjectType({ description: 'How long visits last, by the installation’s policy.' })
export class VisitPolicy {
  @Field(() => Int, { description: 'The longest visit, in minutes.' })
  capMinutes!: number;
  @Field(() => Int, { description: 'The longest visit that changes something, in minutes.' })
  writeCapMinutes!: number;
  @Field(() => Boolean, {
    description:
      'Whether a visit and a request name a case; a workspace may ask for one where the installation doesn’t.',
  })
  caseRequired!: boolean;
  @Field(() => Int, { description: 'A visit ends after so many minutes without input.' })
  idleMinutes!: number;
  @Field(() => Int, { description: 'For so many seconds after a proof of identity a visit can be started.' })
  identityMaxAgeSeconds!: number;
}

@ObjectType({ description: 'What the vendor declared of its product, and the policy of visits.' })
export class Catalogue {
  @Field(() => [Area], { description: 'The product’s areas.' })
  areas!: Area[];
  @Field(() => [CataloguePage], { description: 'Its pages.' })
  pages!: CataloguePage[];
  @Field(() => [CatalogueAction], { description: 'Its actions.' })
  actions!: CatalogueAction[];
  @Field(() => [CatalogueField], { description: 'The fields that it knows; what isn’t among them is hidden.' })
  fields!: CatalogueField[];
  @Field(() => [CatalogueJob], { description: 'The jobs that a visit can be started for.' })
  jobs!: CatalogueJob[];
  @Field(() => VisitPolicy, { description: 'How long visits last.' })
  visits!: VisitPolicy;
}
