import groovy.transform.Field

@Field def dockerfile = 'Dockerfile'

return this;
