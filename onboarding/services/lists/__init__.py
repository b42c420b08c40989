"""Lists that come in and go out: of suppliers, of certificates, as CSV and as workbooks."""
