terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "name" { type = string }
variable "code" { type = string }

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  s3_use_path_style           = true
  endpoints {
    apigateway     = var.endpoint
    apigatewayv2   = var.endpoint
    cloudwatchlogs = var.endpoint
    dynamodb       = var.endpoint
    events         = var.endpoint
    iam            = var.endpoint
    lambda         = var.endpoint
    s3             = var.endpoint
    sfn            = var.endpoint
    scheduler      = var.endpoint
    secretsmanager = var.endpoint
    ssm            = var.endpoint
    sns            = var.endpoint
    sqs            = var.endpoint
    sts            = var.endpoint
  }
}

resource "aws_sqs_queue" "dead" { name = "${var.name}-dead" }

resource "aws_sqs_queue" "standard" {
  name                       = var.name
  visibility_timeout_seconds = 45
  redrive_policy             = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 3 })
  tags                       = { Team = "data" }
}

resource "aws_sqs_queue" "fifo" {
  name                        = "${var.name}.fifo"
  fifo_queue                  = true
  content_based_deduplication = true
}

resource "aws_sns_topic" "topic" {
  name         = var.name
  display_name = "events"
  tags         = { Team = "data" }
}

resource "aws_sns_topic_subscription" "queue" {
  topic_arn            = aws_sns_topic.topic.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.standard.arn
  raw_message_delivery = true
  filter_policy        = jsonencode({ kind = ["job"] })
}

resource "aws_dynamodb_table" "table" {
  name         = var.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  range_key    = "at"
  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "at"
    type = "N"
  }
  attribute {
    name = "state"
    type = "S"
  }
  global_secondary_index {
    name            = "by-state"
    hash_key        = "state"
    range_key       = "at"
    projection_type = "ALL"
  }
  tags = { Team = "data" }
}

resource "aws_iam_role" "role" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "policy" {
  name   = "inline"
  role   = aws_iam_role.role.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }] })
}

resource "aws_lambda_function" "function" {
  function_name    = var.name
  role             = aws_iam_role.role.arn
  runtime          = "python3.11"
  handler          = "main.handler"
  filename         = var.code
  source_code_hash = filebase64sha256(var.code)
  environment { variables = { KEY = "value" } }
}

resource "aws_s3_bucket" "bucket" {
  bucket = var.name
  tags   = { Team = "data" }
}

resource "aws_s3_object" "object" {
  bucket  = aws_s3_bucket.bucket.id
  key     = "folder/file.txt"
  content = "hello"
}

resource "aws_cloudwatch_log_group" "machine" { name = "/aws/vendedlogs/states/${var.name}" }

resource "aws_sfn_activity" "activity" {
  name = var.name
  tags = { Team = "data" }
}

resource "aws_sfn_state_machine" "machine" {
  name     = var.name
  role_arn = aws_iam_role.role.arn
  publish  = true
  definition = jsonencode({
    StartAt = "Work"
    States  = { Work = { Type = "Task", Resource = aws_sfn_activity.activity.id, End = true } }
  })
  logging_configuration {
    level                  = "ALL"
    include_execution_data = true
    log_destination        = "${aws_cloudwatch_log_group.machine.arn}:*"
  }
  tags = { Team = "data" }
}

resource "aws_sfn_alias" "live" {
  name = "live"
  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.machine.state_machine_version_arn
    weight                    = 100
  }
}
resource "aws_cloudwatch_event_bus" "bus" { name = var.name }

resource "aws_cloudwatch_event_rule" "rule" {
  name           = var.name
  event_bus_name = aws_cloudwatch_event_bus.bus.name
  event_pattern  = jsonencode({ source = ["shop"], detail = { price = [{ numeric = [">", 100] }] } })
  tags           = { Team = "data" }
}

resource "aws_cloudwatch_event_target" "queue" {
  rule           = aws_cloudwatch_event_rule.rule.name
  event_bus_name = aws_cloudwatch_event_bus.bus.name
  arn            = aws_sqs_queue.standard.arn
  input_transformer {
    input_paths    = { price = "$.detail.price" }
    input_template = "{\"price\": <price>}"
  }
}

resource "aws_cloudwatch_event_connection" "connection" {
  name               = var.name
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = "x-key"
      value = "secret"
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "destination" {
  name                = var.name
  connection_arn      = aws_cloudwatch_event_connection.connection.arn
  invocation_endpoint = "https://example.com/hook"
  http_method         = "POST"
}

resource "aws_scheduler_schedule_group" "group" { name = var.name }

resource "aws_scheduler_schedule" "nightly" {
  name                         = var.name
  group_name                   = aws_scheduler_schedule_group.group.name
  schedule_expression          = "cron(0 3 * * ? *)"
  schedule_expression_timezone = "Europe/Berlin"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = aws_sqs_queue.standard.arn
    role_arn = aws_iam_role.role.arn
    input    = "{}"
  }
}

resource "aws_apigatewayv2_api" "api" {
  name          = var.name
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "function" {
  api_id                 = aws_apigatewayv2_api.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.function.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "route" {
  api_id    = aws_apigatewayv2_api.api.id
  route_key = "GET /hello"
  target    = "integrations/${aws_apigatewayv2_integration.function.id}"
}

resource "aws_apigatewayv2_stage" "stage" {
  api_id      = aws_apigatewayv2_api.api.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_secretsmanager_secret" "secret" {
  name                    = "${var.name}/secret"
  description             = "a secret"
  recovery_window_in_days = 0
  tags                    = { Team = "data" }
}

resource "aws_secretsmanager_secret_version" "version" {
  secret_id     = aws_secretsmanager_secret.secret.id
  secret_string = jsonencode({ user = "u", password = "p" })
}

resource "aws_secretsmanager_secret_policy" "policy" {
  secret_arn = aws_secretsmanager_secret.secret.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow", Principal = { AWS = "arn:aws:iam::000000000000:root" }
      Action    = "secretsmanager:GetSecretValue", Resource = "*"
    }]
  })
}

resource "aws_ssm_parameter" "text" {
  name        = "/${var.name}/text"
  type        = "String"
  value       = "value"
  description = "a parameter"
  tags        = { Team = "data" }
}

resource "aws_ssm_parameter" "secure" {
  name  = "/${var.name}/secure"
  type  = "SecureString"
  value = "hidden"
  tier  = "Advanced"
}

resource "aws_api_gateway_rest_api" "rest" {
  name               = var.name
  binary_media_types = ["image/png"]
}

resource "aws_api_gateway_resource" "pets" {
  rest_api_id = aws_api_gateway_rest_api.rest.id
  parent_id   = aws_api_gateway_rest_api.rest.root_resource_id
  path_part   = "pets"
}

resource "aws_api_gateway_method" "pets" {
  rest_api_id        = aws_api_gateway_rest_api.rest.id
  resource_id        = aws_api_gateway_resource.pets.id
  http_method        = "GET"
  authorization      = "NONE"
  api_key_required   = true
  request_parameters = { "method.request.querystring.q" = true }
}

resource "aws_api_gateway_integration" "pets" {
  rest_api_id             = aws_api_gateway_rest_api.rest.id
  resource_id             = aws_api_gateway_resource.pets.id
  http_method             = aws_api_gateway_method.pets.http_method
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.function.invoke_arn
}

resource "aws_api_gateway_method_response" "pets" {
  rest_api_id         = aws_api_gateway_rest_api.rest.id
  resource_id         = aws_api_gateway_resource.pets.id
  http_method         = aws_api_gateway_method.pets.http_method
  status_code         = "200"
  response_parameters = { "method.response.header.X-A" = true }
}

resource "aws_api_gateway_deployment" "rest" {
  rest_api_id = aws_api_gateway_rest_api.rest.id
  depends_on  = [aws_api_gateway_integration.pets]
}

resource "aws_api_gateway_stage" "rest" {
  rest_api_id   = aws_api_gateway_rest_api.rest.id
  deployment_id = aws_api_gateway_deployment.rest.id
  stage_name    = "one"
  variables     = { A = "b" }
}

resource "aws_api_gateway_method_settings" "rest" {
  rest_api_id = aws_api_gateway_rest_api.rest.id
  stage_name  = aws_api_gateway_stage.rest.stage_name
  method_path = "*/*"
  settings { throttling_rate_limit = 10 }
}

resource "aws_api_gateway_api_key" "key" { name = var.name }

resource "aws_api_gateway_usage_plan" "plan" {
  name = var.name
  api_stages {
    api_id = aws_api_gateway_rest_api.rest.id
    stage  = aws_api_gateway_stage.rest.stage_name
  }
  quota_settings {
    limit  = 20
    period = "WEEK"
  }
}

resource "aws_api_gateway_usage_plan_key" "key" {
  key_id        = aws_api_gateway_api_key.key.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.plan.id
}
