"""The probe engine: looks at sites, knows no database."""
