"""From records to a published graph: schema, archive, identity, projection, stores."""
